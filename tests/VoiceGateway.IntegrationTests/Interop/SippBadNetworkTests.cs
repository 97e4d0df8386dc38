using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The same scenarios over a network that loses, or delivers twice: each request is served once, and each answer arrives.</summary>
public sealed class SippBadNetworkTests
{
    [SkippableTheory]
    [InlineData("reinvite", "say")]
    [InlineData("reinvite-on-top", "say")]
    [InlineData("update", "say")]
    [InlineData("order", "say")]
    [InlineData("prack-simple", "slow-greeting")]
    public async Task Network_LosesTheFirstOfEverything_ScenarioGoesAsEver(string scenario, string simulator)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(simulator == "say" ? simulator : PeerFiles.Simulator(simulator));
        // But ACK, whose loss is tested elsewhere: sipp takes the 200 that comes again for the answer to its next request.
        await using var relay = new SipRelay(rig.SipPort, static d => d.Time == 1 && !d.FirstLine.StartsWith("ACK", StringComparison.Ordinal) ? 0 : 1);
        await Sipp.RunAsync(scenario, relay.Port);
        Assert.InRange(relay.Lost.Count, 8, 100);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.Single(rig.Simulator.Sessions);
        Assert.Equal(0, rig.Gateway.Sip.Counters[SipCounter.CallsWithoutAck]);
    }

    [SkippableTheory]
    [InlineData("reinvite", "say")]
    [InlineData("reinvite-on-top", "say")]
    [InlineData("update", "say")]
    [InlineData("message", "say")]
    [InlineData("prack", "slow-greeting")]
    [InlineData("update-early", "slow-greeting")]
    public async Task Network_DeliversEveryRequestTwice_ScenarioGoesAsEver(string scenario, string simulator)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(simulator == "say" ? simulator : PeerFiles.Simulator(simulator));
        await using var relay = new SipRelay(rig.SipPort, static d => d.FromPeer ? 2 : d.Time == 1 ? 1 : 0);
        await Sipp.RunAsync(scenario, relay.Port, new SippOptions { Keys = [("reliable", "Supported")] });
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.Single(rig.Simulator.Sessions);
        Assert.Equal(0, rig.Gateway.Sip.Counters[SipCounter.OutOfOrderRequests]);
    }
}
