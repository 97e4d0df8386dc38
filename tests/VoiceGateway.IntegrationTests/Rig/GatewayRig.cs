using System.Buffers;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>
/// A whole gateway on loopback with a simulator of its own (which keeps what it hears) and a softphone. Disposing it checks
/// that nothing is left over: no call, port, leg on the clock, Live session or pooled buffer.
/// </summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly CountingPool _pool;
    private readonly HttpClient _http;

    private GatewayRig(Gateway gateway, LiveSimulatorServer simulator, Softphone phone, DirectoryInfo folder, CountingPool pool)
    {
        (Gateway, Simulator, Phone, _folder, _pool) = (gateway, simulator, phone, folder, pool);
        _http = new HttpClient { BaseAddress = gateway.AdminUrl };
    }

    public Gateway Gateway { get; }

    public LiveSimulatorServer Simulator { get; }

    public Softphone Phone { get; }

    public HttpClient Http => _http;

    public string Folder => _folder.FullName;

    public int SipPort => Gateway.Sip.BoundEndPoints[0].EndPoint.Port;

    /// <param name="scenario">Name of a built-in scenario, or a file.</param>
    /// <param name="settings">Configuration keys over the shipped ones.</param>
    public static Task<GatewayRig> StartAsync(string scenario = "say", params (string Key, string? Value)[] settings) => StartAsync(scenario, static _ => { }, settings);

    /// <param name="scenario">Name of a built-in scenario, or a file.</param>
    /// <param name="configure">Last word on the gateway's services.</param>
    /// <param name="settings">Configuration keys over the shipped ones.</param>
    public static async Task<GatewayRig> StartAsync(string scenario, Action<IServiceCollection> configure, params (string Key, string? Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("voicegateway-test-");
        var simulator = await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions
        {
            ScenarioPath = scenario,
            CaptureAudio = TimeSpan.FromMinutes(2),
            FrameTimesKept = 20_000,
        });
        var values = new Dictionary<string, string?>
        {
            ["Sip:Listen:0"] = "udp:127.0.0.1:0",
            ["Sip:Listen:1"] = "tcp:127.0.0.1:0",
            ["Admin:Url"] = "http://127.0.0.1:0",
            ["Live:Endpoint"] = simulator.Endpoint.ToString(),
            ["Storage:Database"] = $"sqlite:{Path.Combine(folder.FullName, "test.db")}",
            ["Calls:DrainSeconds"] = "1",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in settings) values[key] = value;
        var configuration = new ConfigurationBuilder()
            .AddConfiguration(GatewayConfiguration.Load([], Path.Combine(AppContext.BaseDirectory, "config"), withEnvironment: false))
            .AddInMemoryCollection(values)
            .Build();
        var pool = new CountingPool();
        var gateway = await Gateway.StartAsync(configuration, CancellationToken.None, services =>
        {
            services.AddSingleton<ArrayPool<byte>>(pool);
            configure(services);
        });
        return new GatewayRig(gateway, simulator, await Softphone.StartAsync(), folder, pool);
    }

    public SipUri Target(string user = "100", bool tcp = false)
    {
        var endpoint = Gateway.Sip.BoundEndPoints[tcp ? 1 : 0].EndPoint;
        return SipUri.TryParse($"sip:{user}@{endpoint}{(tcp ? ";transport=tcp" : "")}", out var uri) ? uri! : throw new FormatException();
    }

    public Task<CallerReport> CallAsync(params CallerStep[] steps) => CallAsync(new CallerOptions { Target = Target() }, steps);

    public Task<CallerReport> CallAsync(CallerOptions options, params CallerStep[] steps) => Phone.CallAsync(new CallerScript(steps), options);

    /// <summary>The record of the newest call that has ended.</summary>
    public async Task<CallView> LastCallAsync()
    {
        await WaitUntilAsync(() => Gateway.Calls.Count == 0, "the call ends");
        var list = await _http.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/calls");
        var id = list.GetProperty("calls")[0].GetProperty("id").GetString();
        return (await _http.GetFromJsonAsync<CallView>($"/api/calls/{id}", CallRecords.Json))!;
    }

    public static async Task WaitUntilAsync(Func<bool> condition, string what, int seconds = 10)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            if (condition()) return;
            await Task.Delay(20);
        }
        Assert.Fail($"waited {seconds} s in vain until {what}");
    }

    public static SpeechClip Line(int number)
    {
        var wav = CallerVoice.Lines[number].Read();
        return SpeechClip.FromPcm(wav.Samples, wav.SampleRateHz);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Phone.DisposeAsync();
        try
        {
            await NothingIsLeftAsync();
        }
        finally
        {
            await Gateway.DisposeAsync();
            await Simulator.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }

    private async Task NothingIsLeftAsync()
    {
        await WaitUntilAsync(() => Gateway.Calls.Count == 0, "no call is left");
        await WaitUntilAsync(() => Gateway.Sip.ActiveCalls == 0, "no dialog is left");
        await WaitUntilAsync(() => Gateway.Services.GetRequiredService<RtpPortAllocator>().InUse == 0, "no port is left in use");
        await WaitUntilAsync(() => Gateway.Services.GetRequiredService<MediaEngine>().Count == 0, "no leg is left on a clock");
        await WaitUntilAsync(() => Simulator.Sessions.All(static s => !s.IsOpen), "no Live session is left open");
        await WaitUntilAsync(() => _pool.Rented == 0, $"no pooled buffer is left ({_pool.Rented})");
    }
}
