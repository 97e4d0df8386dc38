namespace VoiceGateway.Caller;

/// <summary>What becomes of one packet.</summary>
/// <param name="IsLost">It never arrives.</param>
/// <param name="Delay">On its way.</param>
/// <param name="Copies">That arrive.</param>
internal readonly record struct PacketFate(bool IsLost, TimeSpan Delay, int Copies)
{
    public static readonly PacketFate Lost = new(true, TimeSpan.Zero, 0);
}
