namespace VoiceGateway.Sip;

/// <summary>Milliseconds of audio in a packet of ours (RFC 8866 section 6.4), in the steps that a clock of 20 ms can cut.</summary>
internal static class PacketTime
{
    private const int StepMs = 10;
    private const int LongestMs = 60;

    // Beyond it no telephone's wish is meant seriously.
    private const int LongestWishMs = 100;

    /// <summary>The peer's wish where it is within reason, rounded down; ours otherwise; never more than the peer can take.</summary>
    /// <param name="wishMs">Its ptime.</param>
    /// <param name="limitMs">Its maxptime. Below 10 ms it cannot be kept, and the shortest packet has to do.</param>
    /// <param name="preferredMs">Ours.</param>
    public static int Agree(int? wishMs, int? limitMs, int preferredMs)
    {
        var wanted = wishMs is >= StepMs and <= LongestWishMs and var wish ? wish : preferredMs;
        var most = Math.Min(limitMs ?? LongestMs, LongestMs);
        return Math.Max(StepMs, Math.Min(wanted, most) / StepMs * StepMs);
    }
}
