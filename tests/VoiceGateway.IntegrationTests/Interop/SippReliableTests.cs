using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Provisional responses that are acknowledged (RFC 3262), in both directions.</summary>
public sealed class SippReliableTests
{
    [SkippableTheory]
    [InlineData("Require")]
    [InlineData("Supported")]
    public async Task Ringing_CallerHas100rel_WantsItsPrack(string header)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(PeerFiles.Simulator("slow-greeting"));
        await Sipp.RunAsync("prack", rig, new SippOptions { Keys = [("reliable", header)] });
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Ringing_ItsPrackGetsLost_ComesAgain()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(PeerFiles.Simulator("slow-greeting"));
        var rung = 0;
        await using var relay = new SipRelay(rig.SipPort, datagram =>
        {
            if (datagram.FirstLine.StartsWith("SIP/2.0 180", StringComparison.Ordinal)) rung++;
            return datagram is { Time: 1 } && datagram.FirstLine.StartsWith("PRACK", StringComparison.Ordinal) ? 0 : 1;
        });
        await Sipp.RunAsync("prack-simple", relay.Port);
        Assert.Single(relay.Lost);
        Assert.InRange(rung, 2, 4);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Ringing_NobodyAcknowledges_CallIsGivenUp()
    {
        Peer.Sipp.Require();
        // Longer than a configuration may have it ring.
        await using var rig = await GatewayRig.StartAsync(
            PeerFiles.Simulator("silent"), static services => services.Select(static s => s.ImplementationInstance).OfType<CallOptions>().Single().RingForGreetingMs = 60_000);
        await Sipp.RunAsync("prack-missing", rig);
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the call has gone");
        Assert.Equal(1, rig.Gateway.Sip.Counters[SipCounter.ProvisionalsUnacknowledged]);
    }

    [SkippableFact]
    public async Task Invite_Without100relWhereItIsRequired_Is421()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:ReliableProvisionals", "Required"));
        await Sipp.RunAsync("reliable-required", rig);
        Assert.Empty(rig.Simulator.Sessions);
    }

    [SkippableFact]
    public async Task Dial_SippRingsReliably_GetsAPrackForEach()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await using var sipp = Sipp.Start("reliable-183", rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        await rig.DialAsync(sipp.Port);
        await sipp.SucceedAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", "PCMU"), (call.EndReason, call.Codec));
        Assert.InRange(ear.Packets, 30, int.MaxValue);
    }
}
