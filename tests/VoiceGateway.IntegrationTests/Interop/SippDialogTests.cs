using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>What sipp asks within a call of its own; status and headers are the scenario's to check.</summary>
public sealed class SippDialogTests
{
    [SkippableTheory]
    [InlineData("reinvite")]
    [InlineData("reinvite-refused")]
    [InlineData("reinvite-on-top")]
    [InlineData("late-offer-reliable")]
    [InlineData("update")]
    [InlineData("cancel-too-late")]
    [InlineData("order")]
    [InlineData("notify-unasked")]
    public async Task Call_RequestsOfItsKind_AreAnsweredAndTheCallGoesOn(string scenario)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await using var sipp = Sipp.Start(scenario, rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        await sipp.SucceedAsync();
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        // The second that the scenario waits before it hangs up: the agent is still to be heard.
        Assert.InRange(ear.Packets, 40, int.MaxValue);
    }

    [SkippableFact]
    public async Task Update_WhileItRings_IsAnsweredAndOneTooManyIsRefused()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(PeerFiles.Simulator("slow-greeting"));
        await Sipp.RunAsync("update-early", rig);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Keys_ByInfo_ReachTheModelOnceEachThoughTheNetworkDeliversThemTwice()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("dtmf");
        await using var relay = new SipRelay(rig.SipPort, static d => d.FromPeer ? 2 : d.Time == 1 ? 1 : 0);
        await Sipp.RunAsync("info-keys", relay.Port);
        var call = await rig.LastCallAsync();
        Assert.Equal("42#", string.Concat(call.Timeline.Where(static m => m.Name == "digit").Select(static m => (char)m.Value!.Value)));
        Assert.Contains(rig.Simulator.Sessions.Single().Texts, static t => t.EndsWith(" 42#", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Message_WithinTheCall_IsReadByTheModel()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync("message", rig);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.Contains("My order is number 4711", rig.Simulator.Sessions.Single().Texts);
    }

    [SkippableFact]
    public async Task Message_OutsideOfACall_IsRefused()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync("message-outside", rig);
        Assert.Empty(rig.Simulator.Sessions);
    }

    [SkippableFact]
    public async Task Bye_WithAReason_IsInTheRecord()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync("reason", rig);
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", "Q.850;cause=16;text=The line was put down"), (call.EndReason, call.EndDetail));
    }
}
