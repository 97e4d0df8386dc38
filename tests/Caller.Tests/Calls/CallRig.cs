namespace VoiceGateway.Caller.Tests;

/// <summary>A softphone and a peer on loopback; at the end nothing of either may be left.</summary>
internal sealed class CallRig : IAsyncDisposable
{
    private CallRig(AnsweringPeer peer, Softphone phone) => (Peer, Phone) = (peer, phone);

    public AnsweringPeer Peer { get; }

    public Softphone Phone { get; }

    public PeerLeg Leg => Peer.Legs.Last();

    public static async Task<CallRig> StartAsync(AgentBehaviour? behaviour = null) =>
        new(await AnsweringPeer.StartAsync(behaviour), await Softphone.StartAsync());

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; tries < 500 && !condition(); tries++) await Task.Delay(20);
        Assert.True(condition(), "It did not come to that within 10 s.");
    }

    public CallerOptions Options() => new() { Target = Peer.Uri };

    public Task<CallerReport> CallAsync(params CallerStep[] steps) => CallAsync(Options(), steps);

    public Task<CallerReport> CallAsync(CallerOptions options, params CallerStep[] steps) => Phone.CallAsync(new CallerScript(steps), options);

    public async ValueTask DisposeAsync()
    {
        await Phone.DisposeAsync();
        Assert.Equal(0, Phone.ActiveCalls);
        Assert.Equal(0, Phone.RtpPortsInUse);
        await UntilAsync(() => Peer.PortsInUse == 0 && Peer.ActiveCalls == 0);
        await Peer.DisposeAsync();
    }
}
