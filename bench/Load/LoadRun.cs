using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.Hosting;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Sip;

namespace VoiceGateway.Load;

/// <summary>Starts everything, loads it, asks the gateway what that cost, writes the report. Exit 1 when a call was lost or p99 exceeds 25 ms.</summary>
internal static class LoadRun
{
    // What compiles and grows only once is over by then.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int calls, int seconds, double rate, string report, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("voicegateway-load-");
        try
        {
            return await RunAsync(calls, seconds, rate, report, folder.FullName, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(int calls, int seconds, double rate, string report, string folder, CancellationToken stop)
    {
        await using var simulator = await ChildProcess.StartAsync(typeof(LiveSimulatorServer), "--port", "0", "--scenario", "say");
        var endpoint = simulator.ReadyLine.Split(' ').First(static w => w.StartsWith("ws://", StringComparison.Ordinal));
        await using var gateway = await ChildProcess.StartAsync(typeof(Gateway),
            "--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", $"--Live:Endpoint={endpoint}",
            $"--Storage:Database=sqlite:{Path.Combine(folder, "load.db")}", $"--Calls:MaxConcurrent={calls}",
            "--Calls:DrainSeconds=1", "--Logging:LogLevel:Default=Warning");
        Console.WriteLine(gateway.ReadyLine);
        var sip = Field(gateway.ReadyLine, "sip=")["udp:".Length..];
        using var http = new HttpClient { BaseAddress = new Uri(Field(gateway.ReadyLine, "admin=")) };
        await using var phone = await Softphone.StartAsync(new SoftphoneOptions { ClockTick = TimeSpan.FromMilliseconds(2) }, stop);

        var generator = new LoadGenerator(phone, new LoadOptions
        {
            Calls = calls,
            CallsPerSecond = rate,
            Duration = TimeSpan.FromSeconds(seconds),
            Scripts = LoadScripts.Of([.. CallerVoice.Lines.Select(static l => SpeechClip.FromPcm(l.Read().Samples, l.Read().SampleRateHz))]),
            Call = new CallerOptions { Target = SipUri.TryParse($"sip:100@{sip}", out var target) ? target! : throw new FormatException(sip) },
            WatchPid = gateway.Id,
        });
        var runtime = WatchRuntimeAsync(http, TimeSpan.FromSeconds(calls / rate) + WarmUp, TimeSpan.FromSeconds(seconds) - WarmUp, stop);
        var load = await generator.RunAsync(new Progress<LoadProgress>(), stop);
        var result = new LoadResult(calls, load, await runtime);

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(report))!);
        await File.WriteAllTextAsync(report + ".json", JsonSerializer.Serialize(result, LoadResult.Json) + "\n", stop);
        var text = result.ToMarkdown();
        await File.WriteAllTextAsync(report + ".md", text, stop);
        Console.WriteLine(text);
        return result.Passed ? 0 : 1;
    }

    /// <summary>The gateway's own view at both ends of the steady period, warm-up left out.</summary>
    private static async Task<RuntimeSpan> WatchRuntimeAsync(HttpClient http, TimeSpan until, TimeSpan length, CancellationToken stop)
    {
        await Task.Delay(until, stop);
        var before = await http.GetFromJsonAsync<RuntimeApi.View>("/api/runtime", JsonSerializerOptions.Web, stop);
        var middle = length - TimeSpan.FromSeconds(2);
        await Task.Delay(middle, stop);
        var after = await http.GetFromJsonAsync<RuntimeApi.View>("/api/runtime", JsonSerializerOptions.Web, stop);
        return RuntimeSpan.Between(before!, after!, middle.TotalSeconds);
    }

    private static string Field(string line, string name) => line.Split(' ').First(w => w.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}
