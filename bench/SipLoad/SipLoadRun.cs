using System.Globalization;
using System.Text.Json;
using VoiceGateway.Hosting;
using VoiceGateway.Load;
using VoiceGateway.Sip;

namespace VoiceGateway.SipLoad;

/// <summary>Starts who is called, calls them at every rate by both generators, writes the report. Exit 1 when a bound of the bare endpoint did not hold.</summary>
internal sealed class SipLoadRun(SipLoadOptions options)
{
    public const string BareName = "bare";
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(40);
    private static readonly int MaxTransactions = new SipEndpointOptions().MaxTransactions;

    private readonly List<CallResult> _rows = [];
    private readonly List<MemorySample> _memory = [];

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("voicegateway-sipload-");
        try
        {
            var load = LoadAverage();
            var (idle, cpu) = await AgainstBareAsync(folder.FullName, stop);
            await AgainstGatewayAsync("gateway", 4000, folder.FullName, stop);
            await AgainstGatewayAsync("gateway at once", 0, folder.FullName, stop);
            return await ReportAsync(new SipLoadResult(load, _rows, _memory, idle, cpu, MaxTransactions), stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(EndpointStatus Idle, double CpuUsPerCall)> AgainstBareAsync(string folder, CancellationToken stop)
    {
        var statusFile = Path.Combine(folder, "status.json");
        await using var bare = await ChildProcess.StartAsync(typeof(AnsweringEndpoint), "serve", statusFile);
        var address = bare.ReadyLine.Split("sip=")[1];
        var target = Target(address);
        await using var generator = await CallGenerator.StartAsync(stop);

        // What compiles only once is over by then.
        await generator.AtRateAsync(BareName, target, 200, 2000, Hold, stop);
        foreach (var rate in SipLoadOptions.Rates)
            Add(await generator.AtRateAsync(BareName, target, rate, rate * options.Seconds, Hold, stop));
        await SippAsync(BareName, address, 300, folder, stop);
        await SippAsync(BareName, address, SipLoadOptions.LongRunRate, folder, stop);
        Add(await generator.AtMostAsync(BareName, target, 64, TimeSpan.FromSeconds(Math.Min(options.Seconds, 15)), stop));

        // The list of transactions is as it was before the longest run begins.
        await Task.Delay(Lingering, stop);
        var before = Status(statusFile);
        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var samples = SampleAsync(statusFile, before.IncomingCalls, sampling.Token);
        Add(await generator.AtRateAsync(BareName, target, SipLoadOptions.LongRunRate, options.Calls, Hold, stop));
        await sampling.CancelAsync();
        await samples;
        var after = Status(statusFile);
        await Task.Delay(Lingering, stop);
        return (Status(statusFile), 1e6 * (after.CpuSeconds - before.CpuSeconds) / Math.Max(after.IncomingCalls - before.IncomingCalls, 1));
    }

    /// <summary>As it ships, which lets the caller hear ringing until the agent's first words are ready, and as one that answers at once.</summary>
    private async Task AgainstGatewayAsync(string name, int ringMs, string folder, CancellationToken stop)
    {
        await using var gateway = await ChildProcess.StartAsync(typeof(Gateway),
            "--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", $"--Storage:Database=sqlite:{Path.Combine(folder, name.Replace(' ', '-') + ".db")}",
            "--Calls:DrainSeconds=1", "--Calls:MaxConcurrent=5000", $"--Calls:RingForGreetingMs={ringMs}", "--Logging:LogLevel:Default=Warning");
        var address = gateway.ReadyLine.Split("sip=udp:")[1].Split([' ', ','])[0];
        await using var generator = await CallGenerator.StartAsync(stop);
        await generator.AtRateAsync(name, Target(address), 5, 25, Hold, stop);
        foreach (var rate in SipLoadOptions.GatewayRates)
            Add(await generator.AtRateAsync(name, Target(address), rate, rate * Math.Min(options.Seconds, 20), Hold, stop));
        await SippAsync(name, address, SipLoadOptions.GatewayRates[0], folder, stop);
    }

    private async Task SippAsync(string against, string address, int rate, string folder, CancellationToken stop)
    {
        if (!SippGenerator.IsInstalled)
            Console.WriteLine("sipp is not installed: only our own generator measures");
        else if (await SippGenerator.RunAsync(against, address, rate, rate * Math.Min(options.Seconds, 20), Hold, folder, stop) is { } result)
            Add(result);
    }

    private void Add(CallResult row)
    {
        _rows.Add(row);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{row.Against} from {row.Generator} at {row.Rate}/s: {row.Calls} calls, {row.Failed} failed, {row.CallsPerSecond:F0}/s, p50 {row.P50Ms:F2} p99 {row.P99Ms:F2} most {row.MaxMs:F0} ms"));
    }

    /// <summary>A sample for each tenth of the calls.</summary>
    private async Task SampleAsync(string statusFile, long before, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var status = Status(statusFile);
            if (status.IncomingCalls - before >= (_memory.Count + 1) * (long)options.Calls / 10)
                _memory.Add(new MemorySample(status.IncomingCalls - before, status.ActiveTransactions, status.HeapMb, status.RssMb));
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> ReportAsync(SipLoadResult result, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Report))!);
        await File.WriteAllTextAsync(options.Report + ".json", JsonSerializer.Serialize(result, SipLoadResult.Json) + "\n", stop);
        var text = result.ToMarkdown();
        await File.WriteAllTextAsync(options.Report + ".md", text, stop);
        Console.WriteLine(text);
        return result.Passed ? 0 : 1;
    }

    private static EndpointStatus Status(string file) => JsonSerializer.Deserialize<EndpointStatus>(File.ReadAllText(file))!;

    private static SipUri Target(string address) => SipUri.TryParse($"sip:100@{address}", out var target) ? target! : throw new FormatException(address);

    private static double LoadAverage() =>
        OperatingSystem.IsLinux() ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;
}
