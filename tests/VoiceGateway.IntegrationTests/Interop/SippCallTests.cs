using System.Net;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The life of a call with sipp: hold, hanging up from either side, a bad network, odd but valid messages.</summary>
public sealed class SippCallTests(ITestOutputHelper log)
{
    [SkippableFact]
    public async Task Hold_InThreeForms_IsSilentAndTheCallGoesOn()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        var line = SpokenLine.Caller(2);
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.MuLaw, async () =>
        {
            await using var ear = new RtpEar();
            await Sipp.RunAsync("hold", rig, SippOptions.Saying(line) with { Keys = [("rtp_port", $"{ear.Port}")] });
            // Each hold lasts 1.2 s; between them the gateway sends every 20 ms, silence too.
            Assert.Equal(3, ear.Pauses(TimeSpan.FromSeconds(0.8)).Length);
        });
        var call = await rig.LastCallAsync();
        Assert.Equal(["held", "resumed", "held", "resumed", "held", "resumed"], call.Timeline.Select(static m => m.Name).Where(static n => n is "held" or "resumed"));
        Assert.Equal("caller_hung_up", call.EndReason);
    }

    [SkippableFact]
    public async Task ReInvite_AnotherCodecThenNoOffer_CallGoesOnInTheNewOne()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        var line = SpokenLine.Caller(2);
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.ALaw, () => Sipp.RunAsync("change-codec", rig, SippOptions.Saying(line) with { Codec = G711Codec.ALaw }));
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", "PCMA"), (call.EndReason, call.Codec));
        Assert.DoesNotContain(call.Timeline, static m => m.Name == "held");
    }

    [SkippableFact]
    public async Task Cancel_WhileRinging_GetsItsOwn200AndThe487()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(PeerFiles.Simulator("slow-greeting"));
        var messages = await Sipp.RunAsync("cancel", rig);
        Assert.Contains("SIP/2.0 487 Request Terminated", messages, StringComparison.Ordinal);
        Assert.Equal("caller_cancelled", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task HangUp_ByOperator_SippGetsBye()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        await using var ear = new RtpEar();
        var messages = await UntilHungUpAsync(rig, ear, static () => Task.CompletedTask);
        Assert.Contains("Reason: Q.850;cause=16", messages, StringComparison.Ordinal);
        Assert.Equal("operator_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task HangUp_ByTheAgent_SippGetsByeAfterTheLastWord()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync(PeerFiles.Simulator("goodbye"));
        await using var ear = new RtpEar();
        await Sipp.RunAsync("await-bye", rig, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        var call = await rig.LastCallAsync();
        Assert.Equal("agent_hung_up", call.EndReason);
        Assert.True(call.Transcript[^1].HeardInFull);
        Assert.InRange(ear.Packets, (int)(SpokenLine.Agent("Thank you for calling. Goodbye!").Duration.TotalSeconds * 50), int.MaxValue);
    }

    [SkippableFact]
    public async Task Digits_AsTelephoneEvents_ReachTheModelOnceEachThoughPacketsGetLost()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("dtmf");
        await using var ear = new RtpEar();
        await UntilHungUpAsync(rig, ear, async () =>
        {
            await ear.PressAsync('1');
            await ear.PressAsync('1');
            await ear.PressAsync('9', lost: [0, 1, 2]);
            await ear.PressAsync('#', lost: [3, 4, 5]);
            await Task.Delay(500);
        });
        var digits = (await rig.LastCallAsync()).Timeline.Where(static m => m.Name == "digit").Select(static m => (char)m.Value!.Value);
        Assert.Equal("119#", string.Concat(digits));
        // The gateway gathers what is keyed in without a pause into one text.
        const string Told = "keypad: ";
        var told = rig.Simulator.Sessions.Single().Texts.Where(static t => t.Contains(Told, StringComparison.Ordinal)).Select(static t => t[(t.IndexOf(Told, StringComparison.Ordinal) + Told.Length)..]);
        Assert.Equal("119#", string.Concat(told));
    }

    [SkippableFact]
    public async Task Network_DeliversEveryRequestTwice_ItIsOneCall()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        // sipp, unlike the gateway, does not expect an answer twice.
        await using var relay = new SipRelay(rig.SipPort, static d => d.FromPeer ? 2 : d.Time == 1 ? 1 : 0);
        await Sipp.RunAsync("short-call", relay.Port);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.Single(rig.Simulator.Sessions);
        Assert.Equal(1, rig.Gateway.Sip.Counters[SipCounter.IncomingCalls]);
        // INVITE and BYE; the second ACK belongs to the dialog, not to a transaction.
        Assert.InRange(rig.Gateway.Sip.Counters[SipCounter.RequestRetransmissionsAbsorbed], 2, 10);
    }

    [SkippableFact]
    public async Task Network_LosesTheFirstOfEverything_TheCallComesAboutAndEnds()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        await using var relay = new SipRelay(rig.SipPort, static d => d.Time == 1 ? 0 : 1);
        await Sipp.RunAsync("short-call", relay.Port);
        log.WriteLine($"lost: {string.Join(", ", relay.Lost)}");
        Assert.Contains(relay.Lost, static l => l.StartsWith("ACK", StringComparison.Ordinal));
        Assert.Contains(relay.Lost, static l => l.StartsWith("BYE", StringComparison.Ordinal));
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.Single(rig.Simulator.Sessions);
        // The 200 is repeated until an ACK gets through.
        Assert.InRange(rig.Gateway.Sip.Counters[SipCounter.ResponseRetransmissionsSent], 2, 20);
    }

    [SkippableFact]
    public async Task Invite_CompactNamesAndFoldedLines_IsACallLikeAnyOther()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        var messages = await Sipp.RunAsync("compact-and-folded", rig, new SippOptions { Keys = [("fold", "\r\n ")] });
        Assert.Contains("\r\n <sip:100@", messages, StringComparison.Ordinal);
        var call = await rig.LastCallAsync();
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.Equal(("4930123", "100"), (call.Caller, call.Called));
    }

    /// <summary>A call that sipp does not end: after <paramref name="meanwhile"/> an operator does.</summary>
    private static async Task<string> UntilHungUpAsync(GatewayRig rig, RtpEar ear, Func<Task> meanwhile)
    {
        await using var sipp = Sipp.Start("await-bye", rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        await GatewayRig.WaitUntilAsync(() => ear.Packets > 10, "the gateway sends", seconds: 20);
        try
        {
            await meanwhile();
        }
        finally
        {
            Assert.Equal(HttpStatusCode.Accepted, (await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}")).StatusCode);
        }
        return await sipp.SucceedAsync();
    }
}
