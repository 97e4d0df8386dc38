using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>The clock that the kernel stamps packets with, in nanoseconds since 1970; and sleep by the other one, which is never set.</summary>
internal static unsafe class WallClock
{
    public static long Now => Read(LibC.ClockRealtime);

    public static long Monotonic => Read(LibC.ClockMonotonic);

    /// <param name="deadline">By <see cref="Monotonic"/>.</param>
    public static void SleepUntil(long deadline)
    {
        var until = new LibC.Timespec { Seconds = deadline / 1_000_000_000, Nanoseconds = deadline % 1_000_000_000 };
        while (LibC.Sleep(LibC.ClockMonotonic, LibC.TimerAbsTime, &until, null) == LibC.Eintr)
        {
        }
    }

    /// <summary>When the kernel received what the message was filled with; 0 when it does not say.</summary>
    public static long StampOf(in LibC.Message message)
    {
        if (message.ControlLength < (nuint)(sizeof(LibC.ControlHeader) + sizeof(LibC.Timespec))) return 0;
        var control = (LibC.ControlHeader*)message.Control;
        if (control->Level != LibC.SolSocket || control->Type != LibC.SoTimestampNs) return 0;
        var stamp = (LibC.Timespec*)(control + 1);
        return stamp->TotalNanoseconds;
    }

    private static long Read(int clock)
    {
        LibC.Timespec now;
        _ = LibC.GetTime(clock, &now);
        return now.TotalNanoseconds;
    }
}
