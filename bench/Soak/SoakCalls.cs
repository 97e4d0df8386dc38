using System.Diagnostics;
using VoiceGateway.Caller;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Sip;

namespace VoiceGateway.Soak;

/// <summary>The run itself: all calls at once, rotations and faults over them, for the whole time.</summary>
internal sealed class SoakCalls
{
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(300);

    private readonly SoakOptions _options;
    private readonly LiveSimulatorServer _simulator;

    public SoakCalls(SoakOptions options, LiveSimulatorServer simulator)
    {
        (_options, _simulator) = (options, simulator);
        Calls = [.. Enumerable.Range(0, options.Calls).Select(i => SoakCall.Of(i, options.Seed))];
        Sessions = new CallerSessions(simulator, Calls);
    }

    public IReadOnlyList<SoakCall> Calls { get; }

    public CallerSessions Sessions { get; }

    public IReadOnlyList<DoneFault> Faults { get; private set; } = [];

    /// <summary>Stopwatch ticks.</summary>
    public long Started { get; private set; }

    public async Task RunAsync(Softphone phone, SipUri gateway, CancellationToken stop)
    {
        Started = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(_options.Duration);
        var faults = new FaultDriver(_simulator, Sessions, FaultPlan.Draw(_options)).RunAsync(over.Token);
        var running = new List<Task>();
        foreach (var call in Calls)
        {
            running.Add(TalkAsync(phone, gateway, call, over.Token));
            await Task.Delay(BetweenCalls, stop);
        }
        await Task.WhenAll(running);
        Faults = await faults;
    }

    private async Task TalkAsync(Softphone phone, SipUri gateway, SoakCall call, CancellationToken over) =>
        call.Report = await phone.CallAsync(SoakScript.For(call.Index, _options.Rounds), new CallerOptions
        {
            Target = gateway,
            From = new SipUri(call.Number, "127.0.0.1"),
            Line = call.Line,
            Record = false,
            MaxDuration = _options.Duration + TimeSpan.FromMinutes(1),
        }, over);
}
