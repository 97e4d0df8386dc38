using System.Diagnostics;

namespace VoiceGateway.Rtp;

internal static class Sleeper
{
    // Stopwatch must count the nanoseconds of CLOCK_MONOTONIC for deadlines to mean the same to both.
    public static bool IsNativeSupported { get; } = LibC.IsSupported && Stopwatch.Frequency == 1_000_000_000;

    public static ISleeper For(bool portable) => portable || !IsNativeSupported ? new ManagedSleeper() : new MonotonicSleeper();
}
