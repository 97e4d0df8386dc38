using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.Admin;

namespace VoiceGateway.Soak;

/// <summary>Looks at the gateway every now and then: from outside by /proc, from inside by <c>/api/runtime</c>.</summary>
internal static class MemoryWatch
{
    /// <param name="pid">The gateway's process.</param>
    /// <param name="http">Its HTTP API.</param>
    /// <param name="every">Time between two looks.</param>
    /// <param name="collectAt">When it is made to collect its garbage: with as little as it makes, it does so too seldom to tell garbage from leaks.</param>
    /// <param name="stop">Ends the watch.</param>
    public static async Task<IReadOnlyList<MemorySample>> RunAsync(int pid, HttpClient http, TimeSpan every, IReadOnlyList<TimeSpan> collectAt, CancellationToken stop)
    {
        var samples = new List<MemorySample>();
        var started = Stopwatch.GetTimestamp();
        var due = new Queue<TimeSpan>(collectAt);
        try
        {
            while (true)
            {
                await Task.Delay(every, stop);
                var collects = due.TryPeek(out var next) && Stopwatch.GetElapsedTime(started) >= next;
                if (collects)
                {
                    due.Dequeue();
                    await GarbageCollection.RunAsync(pid, stop);
                }
                var view = (await http.GetFromJsonAsync<RuntimeApi.View>("/api/runtime", JsonSerializerOptions.Web, stop))!;
                samples.Add(Sample(pid, view, Stopwatch.GetElapsedTime(started).TotalSeconds, collects));
            }
        }
        catch (OperationCanceledException)
        {
            return samples;
        }
    }

    private static MemorySample Sample(int pid, RuntimeApi.View view, double seconds, bool isCollected)
    {
        var status = File.ReadAllLines($"/proc/{pid}/status");
        var handles = Directory.GetFiles($"/proc/{pid}/fd");
        return new MemorySample(
            Math.Round(seconds, 1), Math.Round(Number(status, "VmRSS:") / 1024.0, 2), Megabytes(view.HeapBytes), Megabytes(view.LargeObjectBytes),
            (int)Number(status, "Threads:"), handles.Length, handles.Count(IsSocket), view.ActiveCalls, Math.Round(view.CpuSeconds, 1), view.Gen0, isCollected);
    }

    private static bool IsSocket(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return false;
        }
    }

    private static long Number(string[] status, string name) =>
        long.Parse(status.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    private static double Megabytes(long bytes) => Math.Round(bytes / 1024.0 / 1024.0, 2);
}
