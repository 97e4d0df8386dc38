namespace VoiceGateway.Caller;

/// <summary>What the caller's line does to all that is sent over it, silence too: may add the noise of a room, may keep what it sees.</summary>
public interface ICallerLine
{
    /// <summary>Called on the clock thread with every frame, before it is encoded.</summary>
    /// <param name="frame">20 ms, 8 kHz; may be changed.</param>
    /// <param name="now">Stopwatch ticks.</param>
    void Carry(Span<short> frame, long now);
}
