using System.Diagnostics;
using System.Globalization;

namespace VoiceGateway.Load;

/// <summary>Where a process spends its time, by perf(1): shares of the samples by the place that the code came from.</summary>
/// <param name="Seconds">How long was sampled.</param>
/// <param name="CpuPercent">What the process used at that time.</param>
/// <param name="Shares">Per cent, by place.</param>
internal sealed record PerfShares(double Seconds, double CpuPercent, IReadOnlyDictionary<string, double> Shares)
{
    private const int SampleSeconds = 10;

    /// <summary>What a .NET process needs, so that perf finds names for what was compiled at run time.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["DOTNET_PerfMapEnabled"] = "1", ["DOTNET_EnableWriteXorExecute"] = "0" };

    /// <returns>Null where there is no perf, or it may not look.</returns>
    public static async Task<PerfShares?> TakeAsync(int process, double cpuPercent, CancellationToken stop)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync(stop, "record", "-q", "-F", "499", "-p", $"{process}", "-o", file, "--", "sleep", $"{SampleSeconds}");
            var report = await RunAsync(stop, "report", "-q", "-i", file, "--sort", "dso,symbol", "--field-separator", "|");
            var shares = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var line in report.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split('|') is not [var percent, var place, var symbol, ..] || !double.TryParse(percent.Trim().TrimEnd('%'), CultureInfo.InvariantCulture, out var share)) continue;
                var name = PerfPlace.Of(place.Trim(), symbol.Trim());
                shares[name] = Math.Round(shares.GetValueOrDefault(name) + share, 2);
            }
            return shares.Count == 0 ? null : new(SampleSeconds, cpuPercent, shares);
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Console.Error.WriteLine($"perf: {fault.Message}");
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RunAsync(CancellationToken stop, params string[] arguments)
    {
        using var perf = Process.Start(new ProcessStartInfo("perf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = perf.StandardError.ReadToEndAsync(stop);
        var output = await perf.StandardOutput.ReadToEndAsync(stop);
        await perf.WaitForExitAsync(stop);
        if (perf.ExitCode != 0) throw new InvalidOperationException(await error);
        return output;
    }
}
