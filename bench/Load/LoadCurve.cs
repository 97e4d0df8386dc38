using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.Admin;
using VoiceGateway.Hosting;
using VoiceGateway.Sip;

namespace VoiceGateway.Load;

/// <summary>
/// One gateway under more and more calls:
/// <code>
/// start | ten calls come and go | memory without calls | stage: place, settle, measure | stage … | until one does not hold | hang up
/// </code>
/// </summary>
internal sealed class LoadCurve : IAsyncDisposable
{
    private const int WarmUpCalls = 10;
    private const double HangUpsPerSecond = 100;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(14);

    private readonly LoadOptions _options;
    private readonly int _chunkMs;
    private readonly LoadFolder _folder = new();
    private readonly CallDirectory _calls = new();
    private readonly TlsServer? _tls;
    private readonly LiveLoadServer _live;
    private readonly RtpLoad _rtp = new();
    private readonly SipEndpoint _sip;
    private ChildProcess? _gateway;
    private HttpClient? _http;
    private double _rssWithoutCalls;

    public LoadCurve(LoadOptions options, int chunkMs)
    {
        (_options, _chunkMs) = (options, chunkMs);
        _tls = options.Tls ? new TlsServer(_folder.Path) : null;
        _live = new LiveLoadServer(_tls, _calls, Math.Max(1, options.Calls.Max() / 200));
        _sip = new SipEndpoint(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))], UserAgent = "load" });
    }

    /// <summary>What TLS agreed on; empty without.</summary>
    public string Security => _live.Security;

    public PerfShares? Perf { get; private set; }

    public async Task<IReadOnlyList<StageResult>> RunAsync(CancellationToken stop)
    {
        await _sip.StartAsync(stop);
        _live.Start();
        _rtp.Start();
        var target = await StartGatewayAsync();
        var placer = new CallPlacer(_sip, _rtp, _calls, target);
        await placer.PlaceAsync(WarmUpCalls, WarmUpCalls, stop);
        await Task.Delay(WarmUp, stop);
        await placer.HangUpAsync(HangUpsPerSecond, stop);
        await Task.Delay(TimeSpan.FromSeconds(2), stop);
        _rssWithoutCalls = CpuTimes.Of(_gateway!.Id).RssBytes;

        var results = new List<StageResult>();
        foreach (var calls in _options.Calls)
        {
            _ = placer.TakeSetup();
            await placer.PlaceAsync(calls - placer.Up, _options.CallsPerSecond, stop);
            await Task.Delay(TimeSpan.FromSeconds(_options.SettleSeconds), stop);
            var result = await MeasureAsync(calls, placer, stop);
            results.Add(result);
            Console.WriteLine(StageLine.Of(result));
            if (placer.LastFailure.Length > 0) Console.WriteLine($"  {placer.Failed} not answered, {placer.Lost} lost; the last: {placer.LastFailure}");
            if (_rtp.Fault is not null || _live.Fault is not null || !result.Held) break;
        }
        if (_options.Perf) Perf = await PerfShares.TakeAsync(_gateway.Id, results[^1].CpuPercent, stop);
        await placer.HangUpAsync(HangUpsPerSecond, stop);
        return results;
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _http?.Dispose();
        await _sip.DisposeAsync();
        _rtp.Dispose();
        _live.Dispose();
        _tls?.Dispose();
        _folder.Dispose();
    }

    private async Task<SipUri> StartGatewayAsync()
    {
        string[] trust = _tls is null ? [] : [$"--Live:CaFile={_tls.CertificateFile}"];
        var environment = _options.Environment.Concat(_options.Perf ? PerfShares.Environment : new Dictionary<string, string>()).ToDictionary();
        _gateway = await ChildProcess.StartOnAsync(typeof(Gateway), _options.GatewayProcessors, environment,
        [
            $"--config={_folder.Of("config")}", "--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", $"--Live:Endpoint={_live.Endpoint}", .. trust,
            $"--Live:ChunkMs={_chunkMs}", "--Live:RotateAfterSeconds=0", $"--Storage:Database=sqlite:{_folder.Of("load.db")}",
            $"--Calls:MaxConcurrent={_options.Calls.Max() + WarmUpCalls}", "--Calls:DrainSeconds=1", "--Logging:LogLevel:Default=Warning", .. _options.Gateway,
        ]);
        Console.WriteLine($"{_gateway.ReadyLine} pid={_gateway.Id}");
        _http = new HttpClient { BaseAddress = new Uri(Field(_gateway.ReadyLine, "admin=")) };
        var sip = Field(_gateway.ReadyLine, "sip=")["udp:".Length..];
        return SipUri.TryParse($"sip:100@{sip}", out var target) ? target! : throw new FormatException(sip);
    }

    private async Task<StageResult> MeasureAsync(int calls, CallPlacer placer, CancellationToken stop)
    {
        var setup = placer.TakeSetup();
        var lostBefore = placer.Lost;
        var before = await LookAsync(stop);
        _ = (_rtp.Restart(), _live.Restart(), _rtp.TakeLateness(), _live.TakeLateness());
        await Task.Delay(TimeSpan.FromSeconds(_options.Seconds), stop);
        var (media, live) = (_rtp.Restart(), _live.Restart());
        var (generatorLate, liveLate) = (_rtp.TakeLateness(), _live.TakeLateness());
        var after = await LookAsync(stop);
        var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
        var gateway = after.Gateway.Since(before.Gateway);
        var own = after.Own.Since(before.Own);
        var up = placer.Up;

        return new StageResult
        {
            Calls = calls,
            ChunkMs = _chunkMs,
            Seconds = Math.Round(seconds, 2),
            CallsUp = up,
            CallsLost = placer.Lost - lostBefore,
            CpuPercent = Percent(gateway.Total),
            UserPercent = Percent(gateway.User),
            SystemPercent = Percent(gateway.System),
            ThreadPercent = gateway.Threads.OrderByDescending(static t => t.Value).Take(8).ToDictionary(static t => t.Key, t => Percent(t.Value)),
            RssMb = Math.Round(gateway.RssBytes / 1048576.0, 1),
            RssKbPerCall = Math.Round((gateway.RssBytes - _rssWithoutCalls) / 1024 / Math.Max(1, up), 1),
            Runtime = before.Runtime is { } from && after.Runtime is { } to ? RuntimeSpan.Between(from, to, seconds) : null,
            SetupMs = Percentiles.Of(setup),
            SpacingMs = Percentiles.Of(media.Spacing),
            SpurtSpacingMs = Percentiles.Of(media.SpurtSpacing),
            UplinkMs = Percentiles.Of(live.Uplink),
            FirstPacketMs = Percentiles.Of(media.FirstPacket),
            LastStaleMs = Percentiles.Of(media.LastStale),
            PacketsReceived = media.Received,
            PacketsLost = media.Lost,
            PacketsNotSent = media.NotSent,
            Gaps = media.Gaps,
            UplinkPercent = Math.Round(100 * live.AudioSamples / (_options.Seconds * 16000 * Math.Max(1, up)), 2),
            CallerSpeaksPercent = Math.Round(100.0 * live.SpeechSamples / Math.Max(1, live.AudioSamples), 1),
            AgentSpeaksPercent = Math.Round(100.0 * media.AudiblePackets / Math.Max(1, media.Received), 1),
            Replies = live.Replies,
            Interruptions = live.Interruptions,
            GeneratorPercent = Percent(own.Threads.GetValueOrDefault(RtpLoad.ThreadName)),
            LiveSidePercent = Percent(own.Threads.GetValueOrDefault(LiveLoadServer.ThreadName)),
            GeneratorLateMs = Math.Round(generatorLate.MaxMs, 1),
            LiveSideLateMs = Math.Round(liveLate.MaxMs, 1),
            MachinePercent = Percent(after.Machine.Busy - before.Machine.Busy),
            StolenPercent = Percent(after.Machine.Stolen - before.Machine.Stolen),
        };

        double Percent(double cpuSeconds) => Math.Round(100 * cpuSeconds / seconds, 2);
    }

    private async Task<Look> LookAsync(CancellationToken stop)
    {
        RuntimeApi.View? runtime = null;
        try
        {
            runtime = await _http!.GetFromJsonAsync<RuntimeApi.View>("/api/runtime", JsonSerializerOptions.Web, stop);
        }
        catch (HttpRequestException fault)
        {
            Console.Error.WriteLine($"/api/runtime: {fault.Message}");
        }
        return new(Stopwatch.GetTimestamp(), CpuTimes.Of(_gateway!.Id), CpuTimes.Of(Environment.ProcessId), CpuTimes.OfMachine(), runtime);
    }

    private static string Field(string line, string name) => line.Split(' ').First(w => w.StartsWith(name, StringComparison.Ordinal))[name.Length..];

    private sealed record Look(long At, CpuTimes Gateway, CpuTimes Own, (double Busy, double Stolen) Machine, RuntimeApi.View? Runtime);
}
