namespace VoiceGateway.Rtp;

/// <summary>Time and sleep of the clock thread, in <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
internal interface ISleeper
{
    long Now { get; }

    /// <summary>Returns at the deadline or soon after; at once when it has passed.</summary>
    void SleepUntil(long deadline);
}
