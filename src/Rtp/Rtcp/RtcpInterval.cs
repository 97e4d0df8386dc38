namespace VoiceGateway.Rtp;

/// <summary>Time between two reports: RFC 3550 6.2, 6.3.1 and A.7, for the two members of a call.</summary>
internal static class RtcpInterval
{
    private const double MinimumSeconds = 5;
    private const int Members = 2;

    // e - 3/2: what the randomised timer would otherwise fall short of the intended average (6.3.1).
    private const double Compensation = 1.21828;

    /// <param name="averagePacketBytes">Running average of RTCP packets with their IP and UDP headers (6.3.3).</param>
    /// <param name="bandwidthBytesPerSecond">The share for RTCP, 5 % of the session's bandwidth (6.2).</param>
    /// <param name="isInitial">Halves the minimum before the first report, so that the other end learns of us soon.</param>
    /// <param name="random">0 to 1: spreads the interval from half to one and a half.</param>
    public static TimeSpan Next(double averagePacketBytes, double bandwidthBytesPerSecond, bool isInitial, double random)
    {
        var minimum = isInitial ? MinimumSeconds / 2 : MinimumSeconds;
        var seconds = Math.Max(minimum, averagePacketBytes * Members / bandwidthBytesPerSecond);
        return TimeSpan.FromSeconds(seconds * (random + 0.5) / Compensation);
    }
}
