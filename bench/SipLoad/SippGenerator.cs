using System.Diagnostics;
using System.Globalization;

namespace VoiceGateway.SipLoad;

/// <summary>The same calls placed by sipp, so that it is not only we who measure us.</summary>
internal static class SippGenerator
{
    private const string Program = "/usr/bin/sipp";

    public static bool IsInstalled => File.Exists(Program);

    /// <returns>Null when sipp says that it could not run at all.</returns>
    public static async Task<CallResult?> RunAsync(string against, string target, int rate, int calls, TimeSpan hold, string folder, CancellationToken stop)
    {
        foreach (var old in Directory.GetFiles(folder, "*.csv"))
            File.Delete(old);
        var start = new ProcessStartInfo(Program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            target, "-sf", Path.Combine(AppContext.BaseDirectory, "short-call.xml"), "-s", "100", "-i", "127.0.0.1", "-t", "u1", "-nostdin", "-m", Text(calls), "-r", Text(rate),
            "-l", Text(calls), "-d", Text((int)hold.TotalMilliseconds), "-timer_resol", "1", "-trace_rtt", "-rtt_freq", "1", "-trace_stat", "-stf", "stat.csv", "-timeout", Text((calls / rate) + 60),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var sipp = Process.Start(start)!;
        var output = Task.WhenAll(sipp.StandardOutput.ReadToEndAsync(stop), sipp.StandardError.ReadToEndAsync(stop));
        try
        {
            await sipp.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            sipp.Kill();
            throw;
        }

        var said = await output;
        var times = Directory.GetFiles(folder, "*_rtt.csv").SelectMany(File.ReadLines).Skip(1).Select(static line => line.Split(';')).ToList();
        if (times.Count == 0)
        {
            Console.Error.WriteLine($"sipp measured nothing: {said[1]}");
            return null;
        }

        var setupMs = times.Select(static fields => Number(fields[1])).ToList();
        var ended = times.Select(static fields => Number(fields[0])).ToList();
        return CallResult.Of(against, "sipp", rate, (ended.Max() - ended.Min()) / 1000, calls - setupMs.Count, setupMs);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
