using VoiceGateway.Calls;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Rtp;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;

namespace VoiceGateway.Hosting;

/// <summary>
/// Starts and stops the gateway. Stopping: new INVITEs get 503 with Retry-After; running calls may finish within the set
/// time, then BYE; the HTTP API stays until the calls have gone.
/// </summary>
public sealed partial class GatewayLifetime(
    SipEndpoint sip, TrunkLinks trunks, MediaEngine media, MediaLog mediaLog, CallRegistry calls, CallOptions options, RouteTable routes, ToolCatalog tools,
    CallRecordStore records, RtpPortAllocator ports, CallMetrics metrics, LiveTarget live, TimeProvider time, ILogger<GatewayLifetime> log) : IHostedLifecycleService
{
    private ClockScheduling _granted;

    public bool IsDraining => sip.IsDraining;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Complaints of the start, not of the first call.
        foreach (var advice in AgentSetupCheck.Check(routes.Agents, tools, live)) LogAdvice(advice);
        await records.StartAsync(cancellationToken);
        _granted = await media.StartAsync();
        metrics.Observe(media, ports);
        await sip.StartAsync(cancellationToken);
        trunks.Start();
    }

    public void Drain()
    {
        sip.IsDraining = true;
        LogDraining(calls.Count);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Drain();
        await trunks.UnregisterAsync();
        if (!await IdleWithinAsync(TimeSpan.FromSeconds(options.DrainSeconds)))
        {
            LogCutting(calls.Count);
            foreach (var call in calls.All) call.End(CallEndReason.ShuttingDown);
            await IdleWithinAsync(TimeSpan.FromSeconds(10));
        }
        // Ends what still waits for the answer to its BYE; then those calls are recorded too.
        await trunks.DisposeAsync();
        await sip.DisposeAsync();
        await IdleWithinAsync(TimeSpan.FromSeconds(15));
        await media.DisposeAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Behind all that may go wrong: whoever reads why a start failed reads nothing else.
        mediaLog.Started(media, _granted);
        if (live.IsSimulator) LogSimulator();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> IdleWithinAsync(TimeSpan patience)
    {
        using var enough = new CancellationTokenSource();
        var idle = calls.WhenIdleAsync();
        var first = await Task.WhenAny(idle, Task.Delay(patience, time, enough.Token));
        await enough.CancelAsync();
        return first == idle && calls.Count == 0;
    }

    [LoggerMessage(131, LogLevel.Warning, "No API key and no endpoint: callers talk to the built-in simulator, not to a model")]
    private partial void LogSimulator();

    [LoggerMessage(134, LogLevel.Warning, "{Advice}")]
    private partial void LogAdvice(string advice);

    [LoggerMessage(132, LogLevel.Information, "Draining: new calls are refused, {Calls} may finish")]
    private partial void LogDraining(int calls);

    [LoggerMessage(133, LogLevel.Warning, "The time to drain is over: {Calls} calls are cut")]
    private partial void LogCutting(int calls);
}
