namespace VoiceGateway.Rtp;

/// <summary>Room for the work on one packet. One a thread, shared by all sessions: its content is of no meaning afterwards.</summary>
internal sealed class SrtpScratch
{
    private const int BlockLength = 16;

    /// <summary>A datagram, and the rest of its last block.</summary>
    public const int Length = DatagramBatch.MaxDatagramLength + BlockLength;

    [ThreadStatic]
    private static SrtpScratch? Current;

    public static SrtpScratch OfThisThread => Current ??= new SrtpScratch();

    public byte[] First { get; } = new byte[Length];

    public byte[] Second { get; } = new byte[Length];
}
