using System.Diagnostics;

namespace VoiceGateway.Caller;

/// <summary>Watches a process: a baseline before the calls, then a sample a second while they run.</summary>
internal sealed class ProcessWatch(int pid, ProcessSample baseline)
{
    private readonly List<ProcessSample> _samples = [];

    /// <returns>Null when the process cannot be seen.</returns>
    public static ProcessWatch? TryStart(int pid) => ProcessSample.Take(pid) is { } baseline ? new ProcessWatch(pid, baseline) : null;

    public void Sample()
    {
        if (ProcessSample.Take(pid) is { } sample) _samples.Add(sample);
    }

    /// <returns>Null when the process ended, or there was no steady period.</returns>
    public ProcessUse? Summarise(int calls)
    {
        if (_samples.Count < 2) return null;
        var (first, last) = (_samples[0], _samples[^1]);
        var cpu = 100 * (last.Cpu - first.Cpu).TotalSeconds / Stopwatch.GetElapsedTime(first.Timestamp, last.Timestamp).TotalSeconds;
        var rss = _samples.Average(sample => (double)sample.RssBytes);
        return new ProcessUse
        {
            CpuPercent = Math.Round(cpu, 2),
            CpuPercentPerCall = Math.Round(cpu / Math.Max(1, calls), 4),
            BaselineRssMb = Megabytes(baseline.RssBytes),
            RssMb = Megabytes(rss),
            PeakRssMb = Megabytes(_samples.Max(sample => sample.RssBytes)),
            RssKbPerCall = Math.Round((rss - baseline.RssBytes) / 1024 / Math.Max(1, calls), 1),
        };
    }

    private static double Megabytes(double bytes) => Math.Round(bytes / (1024 * 1024), 1);
}
