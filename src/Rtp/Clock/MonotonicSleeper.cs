using System.Diagnostics;

namespace VoiceGateway.Rtp;

/// <summary>clock_nanosleep with an absolute deadline: no drift, and well below a millisecond late on an idle machine.</summary>
internal sealed unsafe class MonotonicSleeper : ISleeper
{
    public long Now => Stopwatch.GetTimestamp();

    public void SleepUntil(long deadline)
    {
        var time = new LibC.Timespec { Seconds = deadline / 1_000_000_000, Nanoseconds = deadline % 1_000_000_000 };
        while (LibC.Sleep(LibC.ClockMonotonic, LibC.TimerAbsTime, &time, null) == LibC.Eintr)
        {
            // A signal came; the deadline is absolute, so sleep on.
        }
    }
}
