namespace VoiceGateway.Load;

/// <summary>One call as the generator's thread knows it: where its packets stand, and what it last heard.</summary>
internal sealed class RtpLine(int index)
{
    public int Index => index;

    public CallerScript Script { get; } = new(index);

    public Marks Marks { get; } = new();

    public ushort Sequence { get; set; }

    public uint Timestamp { get; set; }

    public bool WasSpeaking { get; set; }

    public RtpArrivals Arrivals { get; } = new();
}
