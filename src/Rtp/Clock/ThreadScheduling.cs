namespace VoiceGateway.Rtp;

/// <summary>Asks for the calling thread what a clock needs: to run when it is due. Refusals are no fault; they are told.</summary>
internal static unsafe class ThreadScheduling
{
    // As much more than others as ten steps are worth, each a quarter more of a core that is fought for (sched(7)).
    private const int Nice = -11;

    /// <summary>Timers of ordinary threads may be put off by 50 µs, to save wake-ups (prctl(2)); not this thread's.</summary>
    public static void SharpenTimers()
    {
        if (LibC.IsSupported)
            _ = LibC.ProcessControl(LibC.PrSetTimerSlack, 1, 0, 0, 0);
    }

    /// <param name="realTimePriority">1 to 99 of SCHED_FIFO; 0: a larger share than others, but a share.</param>
    /// <returns>What was granted.</returns>
    public static ClockScheduling Ask(int realTimePriority)
    {
        if (!LibC.IsSupported)
            return ClockScheduling.Ordinary;

        // On Linux both mean this one thread. What it starts shall not be above the rest: reset on fork, which an unprivileged thread may not take back.
        if (realTimePriority > 0 && LibC.SetScheduler(0, LibC.SchedFifo | LibC.SchedResetOnFork, &realTimePriority) == 0)
            return ClockScheduling.RealTime;
        var none = 0;
        if (LibC.SetScheduler(0, LibC.SchedOther | LibC.SchedResetOnFork, &none) != 0 && realTimePriority == 0)
            return ClockScheduling.RealTime;
        return LibC.SetPriority(LibC.PriorityProcess, 0, Nice) == 0 ? ClockScheduling.Favoured : ClockScheduling.Ordinary;
    }
}
