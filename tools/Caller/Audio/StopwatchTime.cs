using System.Diagnostics;

namespace VoiceGateway.Caller;

/// <summary>Stopwatch ticks to and from the units that people read.</summary>
internal static class StopwatchTime
{
    public static readonly long Frame = Ticks(TimeSpan.FromMilliseconds(AudioFrame.Milliseconds));

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public static long FromSamples(long samples) => samples * Stopwatch.Frequency / AudioFrame.SampleRateHz;

    public static long ToSamples(long ticks) => ticks * AudioFrame.SampleRateHz / Stopwatch.Frequency;

    public static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    /// <summary>Milliseconds from one moment to another, with a thousandth's precision; null when either never came.</summary>
    public static double? Between(long from, long to) =>
        from == 0 || to == 0 ? null : Math.Round(Milliseconds(to - from), 3);
}
