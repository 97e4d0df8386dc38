namespace VoiceGateway.Rtp;

/// <summary>
/// How long a gap is worth waiting for: as long as packets have lately been overtaken by, or as the jitter lets expect, within bounds.
/// A line that keeps order pays the least wait for a packet that is lost; where packets overtake one another they are waited for.
/// </summary>
internal sealed class ReorderPatience(long minTicks, long maxTicks)
{
    // Delays that are spread evenly over D differ by D / 3 on average, which is what RFC 3550 A.8 measures.
    private const int SpreadOfJitter = 3;

    // An overtaking is forgotten by 1/512 a packet: half of it after 7 s of 20 ms packets.
    private const int Memory = 9;

    private long _peakTicks;

    /// <param name="jitterTicks">RFC 3550 A.8.</param>
    public long WaitTicks(long jitterTicks) => Math.Clamp(Math.Max(SpreadOfJitter * jitterTicks, _peakTicks), minTicks, maxTicks);

    public void OnPacket() => _peakTicks -= _peakTicks >> Memory;

    /// <summary>A packet came so long after the first one that overtook it, in time or too late.</summary>
    public void OnOvertaken(long behindTicks)
    {
        // Later than the longest wait: no wait would have helped.
        if (behindTicks > maxTicks)
            return;
        // The next one may be later by a quarter.
        _peakTicks = Math.Max(_peakTicks, behindTicks + (behindTicks / 4));
    }
}
