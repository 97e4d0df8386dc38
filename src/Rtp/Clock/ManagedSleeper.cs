using System.Diagnostics;

namespace VoiceGateway.Rtp;

/// <summary>Thread.Sleep to the next millisecond (15.6 ms on some systems): late by that much, but the schedule catches up.</summary>
internal sealed class ManagedSleeper : ISleeper
{
    public long Now => Stopwatch.GetTimestamp();

    public void SleepUntil(long deadline)
    {
        while (true)
        {
            var remaining = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
            if (remaining <= TimeSpan.Zero)
                return;
#pragma warning disable RS0030 // The playout clock is the one place that sleeps.
            Thread.Sleep((int)Math.Ceiling(remaining.TotalMilliseconds));
#pragma warning restore RS0030
        }
    }
}
