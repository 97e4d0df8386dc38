namespace VoiceGateway.Rtp;

/// <summary>Asks for the calling thread what a clock needs: to run when it is due. Refusals are no fault; they are told.</summary>
internal static unsafe class ThreadScheduling
{
    // Below the kernel's own threads, above everything that is not media.
    private const int Nice = -11;

    /// <param name="realTimePriority">1 to 99 of SCHED_FIFO; 0: stay as every other thread.</param>
    public static ClockScheduling Raise(int realTimePriority)
    {
        if (!LibC.IsSupported)
            return ClockScheduling.Ordinary;

        // Timers of ordinary threads may be put off by 50 µs, to save wake-ups (prctl(2)).
        _ = LibC.ProcessControl(LibC.PrSetTimerSlack, 1, 0, 0, 0);
        if (realTimePriority == 0)
            return ClockScheduling.Ordinary;

        // On Linux both mean this one thread. What it starts shall not be above the rest: reset on fork.
        if (LibC.SetScheduler(0, LibC.SchedFifo | LibC.SchedResetOnFork, &realTimePriority) == 0)
            return ClockScheduling.RealTime;
        return LibC.SetPriority(LibC.PriorityProcess, 0, Nice) == 0 ? ClockScheduling.Favoured : ClockScheduling.Ordinary;
    }
}
