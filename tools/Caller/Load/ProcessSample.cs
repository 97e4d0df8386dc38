using System.Diagnostics;
using System.Globalization;

namespace VoiceGateway.Caller;

/// <summary>What a process has used of the processor, and what it holds of memory, at a moment. Linux: read from /proc.</summary>
public readonly record struct ProcessSample(long Timestamp, TimeSpan Cpu, long RssBytes)
{
    // USER_HZ: 100 on every architecture that Linux runs .NET on (proc(5), time(7)).
    private const int TicksPerSecond = 100;

    /// <returns>Null when there is no such process, or no /proc.</returns>
    public static ProcessSample? Take(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat"), Stopwatch.GetTimestamp());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>proc(5), /proc/PID/stat: utime is field 14, stime 15, rss 24 (in pages). The name in field 2 may hold spaces and brackets.</summary>
    internal static ProcessSample? Parse(string stat, long timestamp)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 22 || !Field(14, out var user) || !Field(15, out var system) || !Field(24, out var pages)) return null;
        return new ProcessSample(timestamp, TimeSpan.FromSeconds((double)(user + system) / TicksPerSecond), pages * Environment.SystemPageSize);

        bool Field(int number, out long value) => long.TryParse(fields[number - 3], NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
