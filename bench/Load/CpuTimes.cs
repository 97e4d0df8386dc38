using System.Globalization;

namespace VoiceGateway.Load;

/// <summary>What a process and its threads have used of the processors so far: proc(5). Seconds.</summary>
internal sealed record CpuTimes(double User, double System, long RssBytes, IReadOnlyDictionary<string, double> Threads)
{
    // USER_HZ: 100 on every architecture that Linux runs .NET on.
    private const double TicksPerSecond = 100;

    public double Total => User + System;

    public static CpuTimes Of(int process)
    {
        var (_, user, system, rss) = Read($"/proc/{process}/stat");
        var threads = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                var (name, threadUser, threadSystem, _) = Read(Path.Combine(folder, "stat"));
                threads[name] = threads.GetValueOrDefault(name) + threadUser + threadSystem;
            }
            catch (IOException)
            {
                // It ended while it was being looked at.
            }
        }
        return new(user, system, rss, threads);
    }

    /// <summary>The machine's: all processors together, of which some was not given to it by its host.</summary>
    public static (double Busy, double Stolen) OfMachine()
    {
        // cpu user nice system idle iowait irq softirq steal
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return ((fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / TicksPerSecond, fields[7] / TicksPerSecond);
    }

    /// <summary>What came on since then.</summary>
    public CpuTimes Since(CpuTimes before) => new(
        User - before.User, System - before.System, RssBytes,
        Threads.ToDictionary(static t => t.Key, t => t.Value - before.Threads.GetValueOrDefault(t.Key), StringComparer.Ordinal));

    private static (string Name, double User, double System, long Rss) Read(string file)
    {
        var text = File.ReadAllText(file);
        var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
        var fields = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // utime is field 14, stime 15, rss 24 in pages; the first here is field 3.
        return (text[(open + 1)..close], Number(14) / TicksPerSecond, Number(15) / TicksPerSecond, Number(24) * Environment.SystemPageSize);

        long Number(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
    }
}
