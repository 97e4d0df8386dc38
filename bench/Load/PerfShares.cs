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

    /// <returns>Null where there is no perf, or it may not look.</returns>
    public static async Task<PerfShares?> TakeAsync(int process, double cpuPercent, CancellationToken stop)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync(stop, "record", "-q", "-F", "499", "-p", $"{process}", "-o", file, "--", "sleep", $"{SampleSeconds}");
            var report = await RunAsync(stop, "report", "-q", "-i", file, "--sort", "dso", "--field-separator", "|");
            var shares = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var line in report.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split('|') is not [var percent, var place] || !double.TryParse(percent.Trim().TrimEnd('%'), CultureInfo.InvariantCulture, out var share)) continue;
                var name = NameOf(place.Trim());
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

    private static string NameOf(string place) => place switch
    {
        _ when place.StartsWith("[kernel", StringComparison.Ordinal) => "kernel",
        _ when place.StartsWith("libcrypto", StringComparison.Ordinal) || place.StartsWith("libssl", StringComparison.Ordinal) => "OpenSSL",
        _ when place.Contains("Security.Cryptography", StringComparison.Ordinal) => "way to OpenSSL",
        _ when place.Contains("doublemapper", StringComparison.Ordinal) || place.Contains("anon", StringComparison.Ordinal) || place.StartsWith("perf-", StringComparison.Ordinal) => "compiled at run time",
        _ when place.EndsWith(".dll", StringComparison.Ordinal) => "compiled beforehand (.NET's libraries)",
        _ when place.StartsWith("libcoreclr", StringComparison.Ordinal) || place.StartsWith("libclr", StringComparison.Ordinal) => "runtime",
        _ when place.StartsWith("libSystem", StringComparison.Ordinal) => "way to the system (libSystem.Native)",
        _ when place.StartsWith("libc.", StringComparison.Ordinal) || place.StartsWith("[vdso", StringComparison.Ordinal) => "libc",
        _ => "other",
    };

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
