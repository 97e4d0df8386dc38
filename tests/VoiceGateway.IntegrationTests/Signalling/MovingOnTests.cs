using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Rtp;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Signalling;

/// <summary>A PBX hands one of our calls on, by REFER or by INVITE with Replaces: the conversation goes on with somebody else.</summary>
public sealed class MovingOnTests
{
    private static readonly (string, string?)[] Extensions = [("Calls:ReferTargets:0", "2*")];

    [Fact]
    public async Task Refer_TargetAnswers_TheSameConversationGoesOnThere()
    {
        await using var rig = await GatewayRig.StartAsync("say", Extensions);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        var (sip, line, call) = await TalkAsync(rig, caller);

        var progress = new List<int>();
        var result = await sip.ReferAsync(target.Uri(), status => { lock (progress) progress.Add(status); });
        Assert.Equal((SipReferralEnd.Reported, 200), (result.End, result.StatusCode));
        Assert.Equal(100, progress[0]);
        var end = await sip.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(SipCallEndCause.RemoteBye, end.Cause);

        var (there, hears) = Assert.Single(target.Answered);
        await hears.HearsAsync("the target hears the agent");
        Assert.Equal(line.Remote, hears.Remote);
        Assert.Same(call, Assert.Single(rig.Gateway.Calls.All));
        Assert.Equal(CallState.Talking, call.State);
        var session = Assert.Single(rig.Simulator.Sessions);
        await GatewayRig.WaitUntilAsync(() => session.Texts.Any(static t => t.Contains("handed on", StringComparison.Ordinal)), "the model is told");
        Assert.Equal("100", there.From.Uri.User);
        Assert.NotNull(there.Invite.Headers.Get("Referred-By"));

        await there.HangUpAsync("SIP;cause=200;text=\"Call completed\"");
        var record = await rig.LastCallAsync();
        Assert.Equal("caller_hung_up", record.EndReason);
        Assert.Equal("SIP;cause=200;text=Call completed", record.EndDetail);
        Assert.Equal(sip.CallId, record.SipCallId);
        Assert.Contains(record.Timeline, static m => m.Name == "moved_on");
    }

    [Fact]
    public async Task Refer_TargetIsBusy_TheCallGoesOnAsItWas()
    {
        await using var rig = await GatewayRig.StartAsync("say", Extensions);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        target.Rung = static call => call.Reject(486);
        var (sip, line, call) = await TalkAsync(rig, caller);

        var result = await sip.ReferAsync(target.Uri());
        Assert.Equal((SipReferralEnd.Reported, 486), (result.End, result.StatusCode));
        await line.HearsAsync("the caller still hears the agent");
        Assert.Equal((SipCallState.Established, CallState.Talking), (sip.State, call.State));
        await GatewayRig.WaitUntilAsync(
            () => rig.Simulator.Sessions.Single().Contents.Any(static c => c.GetRawText().Contains("The line is busy", StringComparison.Ordinal)), "the model is told");
        // And may be asked again.
        target.Rung = null;
        Assert.True((await sip.ReferAsync(target.Uri())).IsSuccess);
        await sip.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.Single(target.Answered).Call.HangUpAsync();
    }

    // Most telephones hang up as soon as their REFER has been taken.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refer_CallerHangsUpAtOnce_TheConversationWaitsForTheTarget(bool answers)
    {
        await using var rig = await GatewayRig.StartAsync("say", Extensions);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        target.Rung = static call => call.Ring();
        var (sip, _, call) = await TalkAsync(rig, caller);

        _ = sip.ReferAsync(target.Uri());
        await GatewayRig.WaitUntilAsync(() => !target.Rang.IsEmpty, "the target rings");
        await sip.HangUpAsync();
        await Task.Delay(300);
        Assert.Equal(CallState.Talking, call.State);
        var ringing = target.Rang.Single();
        if (!answers)
        {
            ringing.Reject(480);
            Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
            return;
        }
        target.Answer(ringing);
        await target.Answered.Single().Line.HearsAsync("the target hears the agent");
        Assert.Same(call, Assert.Single(rig.Gateway.Calls.All));
        await ringing.HangUpAsync();
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [Fact]
    public async Task Refer_CallEndsWhileTheTargetRings_NothingIsLeft()
    {
        await using var rig = await GatewayRig.StartAsync("say", Extensions);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        target.Rung = static call => call.Ring();
        var (sip, _, call) = await TalkAsync(rig, caller);
        _ = sip.ReferAsync(target.Uri());
        await GatewayRig.WaitUntilAsync(() => !target.Rang.IsEmpty, "the target rings");
        call.End(CallEndReason.OperatorHungUp);
        Assert.Equal(SipCallEndCause.Cancelled, (await target.Rang.Single().Completion.WaitAsync(TimeSpan.FromSeconds(10))).Cause);
        await sip.Completion.WaitAsync(TimeSpan.FromSeconds(10));
    }

    // Whoever talks a telephone into a REFER must not have us dial what costs.
    [Theory]
    [InlineData("0900123456", "KnownPeers", 403)]
    [InlineData("+4930555", "Everybody", 403)]
    [InlineData("200", "Off", 405)]
    public async Task Refer_NotAllowed_NobodyIsCalled(string number, string accept, int status)
    {
        await using var rig = await GatewayRig.StartAsync("say", [.. Extensions, ("Calls:AcceptRefer", accept)]);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        var (sip, line, _) = await TalkAsync(rig, caller);
        var result = await sip.ReferAsync(target.Uri(number));
        Assert.Equal((SipReferralEnd.Refused, status), (result.End, result.StatusCode));
        Assert.Empty(target.Rang);
        await line.HearsAsync("the caller still hears the agent");
        await sip.HangUpAsync();
    }

    // An attended transfer (RFC 5589 section 7): the receptionist talks to a colleague first, then steps aside. Nothing is dialled.
    [Fact]
    public async Task Refer_IntoACallOfTheCallers_TakesItsPlace()
    {
        await using var rig = await GatewayRig.StartAsync();
        await using var caller = await Telephone.StartAsync();
        await using var colleague = await Telephone.StartAsync();
        var (sip, line, call) = await TalkAsync(rig, caller);
        var consultation = (await caller.CallAsync(colleague.Uri("0900"))).Result.Call!;

        Assert.True((await sip.ReferAsync(SipOutgoingReferral.Into(consultation))).IsSuccess);
        Assert.Equal(SipCallEndCause.RemoteBye, (await consultation.Completion.WaitAsync(TimeSpan.FromSeconds(10))).Cause);
        var (there, hears) = colleague.Answered.Last();
        Assert.Equal(2, colleague.Answered.Count);
        await hears.HearsAsync("the colleague hears the agent");
        Assert.Equal(line.Remote, hears.Remote);
        Assert.Same(call, Assert.Single(rig.Gateway.Calls.All));
        await there.HangUpAsync();
    }

    [Fact]
    public async Task Invite_ReplacesOurCall_TheConversationGoesOnThere()
    {
        await using var rig = await GatewayRig.StartAsync();
        await using var caller = await Telephone.StartAsync();
        await using var other = await Telephone.StartAsync();
        var (sip, line, call) = await TalkAsync(rig, caller);

        var (result, hears) = await other.CallAsync(rig.Target(), ("Replaces", Replaces(sip)), ("Require", "replaces"));
        Assert.Equal(200, result.StatusCode);
        Assert.Equal(SipCallEndCause.RemoteBye, (await sip.Completion.WaitAsync(TimeSpan.FromSeconds(10))).Cause);
        await hears.HearsAsync("the other telephone hears the agent");
        Assert.Equal(line.Remote, hears.Remote);
        Assert.Same(call, Assert.Single(rig.Gateway.Calls.All));
        Assert.Equal(1, rig.Gateway.Services.GetRequiredService<RtpPortAllocator>().InUse);
        await result.Call!.HangUpAsync();
    }

    // RFC 3891 section 3: who replaces a call must be somebody who may.
    [Fact]
    public async Task Invite_ReplacesOurCall_ByAnotherTrunk_Is403()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:other:Addresses:0", "127.0.0.2"));
        await using var caller = await Telephone.StartAsync();
        await using var stranger = await Telephone.StartAsync("127.0.0.2");
        var (sip, line, _) = await TalkAsync(rig, caller);
        var (result, _) = await stranger.CallAsync(rig.Target(), ("Replaces", Replaces(sip)));
        Assert.Equal(403, result.StatusCode);
        await line.HearsAsync("the caller still hears the agent");
        await sip.HangUpAsync();
    }

    [Fact]
    public async Task Refer_TrunkHasAsManyCallsAsItMay_IsRefusedAndTheCallGoesOn()
    {
        await using var rig = await GatewayRig.StartAsync("say", [.. Extensions, ("Sip:Trunks:loopback:MaxCalls", "1")]);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        var (sip, line, _) = await TalkAsync(rig, caller);
        var result = await sip.ReferAsync(target.Uri());
        Assert.Equal((SipReferralEnd.Refused, 503), (result.End, result.StatusCode));
        Assert.Empty(target.Rang);
        await line.HearsAsync("the caller still hears the agent");
        await sip.HangUpAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refer_Followed_IsACallOfTheTrunks(bool answers)
    {
        await using var rig = await GatewayRig.StartAsync("say", [.. Extensions, ("Sip:Trunks:loopback:MaxCalls", "2")]);
        await using var caller = await Telephone.StartAsync();
        await using var target = await Telephone.StartAsync();
        if (!answers) target.Rung = static call => call.Reject(486);
        var (sip, _, _) = await TalkAsync(rig, caller);
        Assert.Equal(answers, (await sip.ReferAsync(target.Uri())).IsSuccess);
        if (answers) await sip.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        await GatewayRig.WaitUntilAsync(() => Loopback(rig).Calls == 1, "the trunk has one call");
        await (answers ? target.Answered.Single().Call : sip).HangUpAsync();
        await GatewayRig.WaitUntilAsync(() => Loopback(rig).Calls == 0, "the trunk has none");
    }

    [Fact]
    public async Task Invite_ReplacesOurCallAtTheMaximum_TakesItsPlaceAmongTheTrunksCalls()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:MaxCalls", "1"));
        await using var caller = await Telephone.StartAsync();
        await using var other = await Telephone.StartAsync();
        var (sip, _, _) = await TalkAsync(rig, caller);
        var (result, hears) = await other.CallAsync(rig.Target(), ("Replaces", Replaces(sip)), ("Require", "replaces"));
        Assert.Equal(200, result.StatusCode);
        await sip.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        await hears.HearsAsync("the other telephone hears the agent");
        await GatewayRig.WaitUntilAsync(() => Loopback(rig).Calls == 1, "the trunk has one call");
        Assert.Equal(503, (await caller.CallAsync(rig.Target())).Result.StatusCode);
        await result.Call!.HangUpAsync();
        await GatewayRig.WaitUntilAsync(() => Loopback(rig).Calls == 0, "the trunk has none");
    }

    // The trunk's server and number, whatever the caller wrote into From and To.
    [Fact]
    public async Task Refer_ToANumber_GoesToTheTrunkUnderItsNumber()
    {
        await using var caller = await Telephone.StartAsync();
        await using var server = await Telephone.StartAsync();
        await using var rig = await GatewayRig.StartAsync(
            "say", [.. Extensions, ("Sip:Trunks:loopback:Server", $"sip:127.0.0.1:{server.Uri().Port}"), ("Sip:Trunks:loopback:CallerId", "4930999")]);
        var (sip, _, _) = await TalkAsync(rig, caller);
        Assert.True(SipUri.TryParse("tel:200", out var number));
        Assert.True((await sip.ReferAsync(number!)).IsSuccess);
        var (there, _) = Assert.Single(server.Answered);
        Assert.Equal(($"sip:200@127.0.0.1:{server.Uri().Port}", $"sip:4930999@127.0.0.1:{server.Uri().Port}"), (there.Invite.RequestUri.ToString(), there.From.Uri.ToString()));
        await there.HangUpAsync();
    }

    // Asked for each request within a call, on the receiving thread.
    [Fact]
    public async Task Registry_Of_AllocatesNothing()
    {
        await using var rig = await GatewayRig.StartAsync();
        await using var caller = await Telephone.StartAsync();
        var (sip, _, call) = await TalkAsync(rig, caller);
        var ours = call.Sip!;
        Assert.Same(call, rig.Gateway.Calls.Of(ours));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) rig.Gateway.Calls.Of(ours);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        await sip.HangUpAsync();
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the call has gone");
        Assert.Null(rig.Gateway.Calls.Of(ours));
    }

    private static Trunk Loopback(GatewayRig rig) => rig.Gateway.Services.GetRequiredService<TrunkTable>().Find("loopback")!;

    private static async Task<(SipCall Sip, Telephone.Line Line, Call Call)> TalkAsync(GatewayRig rig, Telephone caller)
    {
        var (result, line) = await caller.CallAsync(rig.Target());
        Assert.Equal(200, result.StatusCode);
        await line.HearsAsync("the caller hears the agent");
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Single().State == CallState.Talking, "the call is up");
        return (result.Call!, line, rig.Gateway.Calls.All.Single());
    }

    // From the gateway's side its own tag is the To tag.
    private static string Replaces(SipCall sip) => SipOutgoingReferral.Into(sip).Replaces!.ToString();
}
