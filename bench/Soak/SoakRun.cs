using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VoiceGateway.Caller;
using VoiceGateway.Hosting;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Load;
using VoiceGateway.Sip;

namespace VoiceGateway.Soak;

/// <summary>Starts everything, lets it run, judges it, writes the report. Exit code 1 when a promise was not kept.</summary>
internal static class SoakRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<int> RunAsync(SoakOptions options, string report, bool keep, CancellationToken stop)
    {
        var folder = new SoakFolder(Path.Combine(Path.GetDirectoryName(typeof(Gateway).Assembly.Location)!, "config", "gateway.json"), options.Rounds);
        try
        {
            return await RunAsync(options, report, keep, folder, stop);
        }
        finally
        {
            if (keep) Console.WriteLine($"kept: {Path.GetDirectoryName(folder.Config)}");
            else folder.Dispose();
        }
    }

    /// <summary>Scenario, capture and times: all that the judge needs.</summary>
    public static LiveSimulatorOptions SimulatorFor(SoakFolder folder) => new()
    {
        ScenarioPath = folder.Scenario,
        CaptureFolder = folder.Capture,
        FrameTimesKept = 100_000,
        EndedSessionsKept = 100_000,
    };

    /// <summary>Settings over the shipped ones.</summary>
    public static IReadOnlyDictionary<string, string> SettingsFor(SoakOptions options, SoakFolder folder, LiveSimulatorServer simulator) => new Dictionary<string, string>
    {
        ["Sip:Listen:0"] = "udp:127.0.0.1:0",
        ["Admin:Url"] = "http://127.0.0.1:0",
        ["Live:Endpoint"] = simulator.Endpoint.ToString(),
        ["Live:RotateAfterSeconds"] = ((int)options.RotateAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        ["Tools:PluginsFolder"] = folder.Plugins,
        ["Storage:Database"] = $"sqlite:{folder.Database}",
        ["Calls:DrainSeconds"] = "1",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    private static async Task<int> RunAsync(SoakOptions options, string report, bool keep, SoakFolder folder, CancellationToken stop)
    {
        await using var simulator = await LiveSimulatorServer.StartAsync(SimulatorFor(folder), stop);
        string[] settings = ["--config", folder.Config, .. SettingsFor(options, folder, simulator).Select(static s => $"--{s.Key}={s.Value}")];
        await using var gateway = await ChildProcess.StartAsync(typeof(Gateway), settings);
        Console.WriteLine(gateway.ReadyLine);
        using var http = new HttpClient { BaseAddress = new Uri(Field(gateway.ReadyLine, "admin=")) };
        await using var phone = await Softphone.StartAsync(cancellationToken: stop);
        var target = SipUri.TryParse($"sip:100@{Field(gateway.ReadyLine, "sip=")["udp:".Length..].Split(',')[0]}", out var uri) ? uri! : throw new FormatException(gateway.ReadyLine);

        var run = new SoakCalls(options, simulator);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = MemoryWatch.RunAsync(gateway.Id, http, TimeSpan.FromSeconds(10), options.CollectAt, over.Token);
        await run.RunAsync(phone, target, stop);
        await over.CancelAsync();
        var samples = await watching;
        var records = await GatewayBooks.RecordsAsync(http, options.Calls, stop);
        Console.WriteLine($"calls over: {records.Count} records; judging");
        var judging = Stopwatch.GetTimestamp();
        var verdict = await SoakJudge.JudgeAsync(run, records, await GatewayBooks.OrdersAsync(folder.Database, stop), stop);
        if (keep) await File.WriteAllLinesAsync(report + ".log", Diary.Of(run, records), stop);
        Console.WriteLine($"judged in {Stopwatch.GetElapsedTime(judging).TotalSeconds:F0} s");

        var memory = MemoryTrend.Of(samples, options.Calls);
        Criterion[] criteria = [.. verdict.Criteria, Flat(memory, [.. samples.Where(static s => s.IsCollected)])];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(report))!);
        var text = SoakReport.ToMarkdown(options, verdict, criteria, memory, Command(options));
        await File.WriteAllTextAsync(report + ".md", text, stop);
        await File.WriteAllTextAsync(report + ".json", JsonSerializer.Serialize(Details(options, run, verdict, criteria, memory, samples), Json) + "\n", stop);
        Console.WriteLine(text);
        return criteria.All(static c => c.Kept) ? 0 : 1;
    }

    // After a full collection, what is left is needed or lost. A tenth, for twenty conversations grow longer; threads and handles by a few.
    private static Criterion Flat(IReadOnlyList<MemoryTrend> memory, IReadOnlyList<MemorySample> collected)
    {
        if (collected.Count < 2) return new("memory is flat", false, "there was no time to look twice");
        var (early, late) = (collected[0], collected[^1]);
        var kept = late.RssMb <= early.RssMb * 1.1 && late.HeapMb <= early.HeapMb * 1.1 + 8
            && memory.Where(static m => m.Name is "threads" or "handles" or "sockets").All(static m => m.Late <= m.Early * 1.1 + 8);
        return new("memory is flat", kept, string.Create(CultureInfo.InvariantCulture,
            $"after a full collection: resident {string.Join(", ", collected.Select(static s => $"{s.RssMb:F1}"))} MB, managed {string.Join(", ", collected.Select(static s => $"{s.HeapMb:F1}"))} MB at {string.Join(", ", collected.Select(static s => $"{s.Seconds / 60:F0}"))} min; handles {memory[4].Early:F0}, then {memory[4].Late:F0}"));
    }

    private static object Details(
        SoakOptions options, SoakCalls run, SoakVerdict verdict, IReadOnlyList<Criterion> criteria, IReadOnlyList<MemoryTrend> memory, IReadOnlyList<MemorySample> samples) => new
    {
        options,
        criteria,
        tools = verdict.Tools,
        memory,
        calls = verdict.Calls.Select(c => new
        {
            c.Index,
            c.Number,
            outcome = c.Report?.Outcome.ToString(),
            endReason = verdict.Records.GetValueOrDefault(c.Number)?.EndReason,
            turns = c.Report?.Turns.Count,
            line = verdict.Lines.FirstOrDefault(l => l.Call == c.Index) is { } line
                ? new { line.SentSeconds, line.VoicedSeconds, line.VoicedLostSeconds, line.FramesReceived, line.FramesTwice, line.FramesUnknown, line.FramesBackwards, line.RotationsMissingMs } : null,
        }),
        holes = verdict.Holes.Where(static h => h.AtRotation || h.VoicedMs > 0),
        faults = verdict.Faults.Select(f => new
        {
            atSeconds = f.Timestamp == 0 ? (double?)null : Math.Round(Stopwatch.GetElapsedTime(run.Started, f.Timestamp).TotalSeconds, 2),
            f.Planned.Call,
            fault = f.Planned.Fault.Name,
            f.Session,
        }),
        samples,
    };

    private static string Command(SoakOptions options) => options == new SoakOptions() ? "make soak" : string.Create(CultureInfo.InvariantCulture,
        $"dotnet run -c Release --project bench/Soak -- --minutes {options.Duration.TotalMinutes:0.##} --calls {options.Calls} --rotation {options.RotateEvery.TotalSeconds:0} --fault {options.FaultEvery.TotalSeconds:0} --seed {options.Seed}");

    private static string Field(string line, string name) => line.Split(' ').First(w => w.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}
