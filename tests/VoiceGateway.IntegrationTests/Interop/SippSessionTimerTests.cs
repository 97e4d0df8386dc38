using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Session timers (RFC 4028), with intervals shorter than a configuration may ask for: the sessions live for seconds.</summary>
public sealed class SippSessionTimerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(6);

    [SkippableFact]
    public async Task Invite_IntervalTooBrief_Is422AndThenTaken()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync("too-brief-session", rig);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Dial_IntervalTooBriefForSipp_IsRaised()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var sipp = Sipp.Start("session-raised", rig.SipPort);
        await rig.DialAsync(sipp.Port);
        await sipp.SucceedAsync();
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableTheory]
    [InlineData("refresh-by-update", 6)]
    [InlineData("refresh-by-reinvite", 6)]
    [InlineData("refresh-by-us", 6)]
    // Refreshed after 8 s, and once more up to 2 s later.
    [InlineData("glare", 16)]
    public async Task Session_Refreshed_OutlivesItsInterval(string scenario, int intervalSeconds)
    {
        Peer.Sipp.Require();
        await using var rig = await LaboratoryAsync();
        await Sipp.RunAsync(scenario, rig, Timed(intervalSeconds));
        var call = await rig.LastCallAsync();
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.DoesNotContain(call.Timeline, static m => m.Name == "held");
        Assert.Equal(0, rig.Gateway.Sip.Counters[SipCounter.SessionsExpired]);
    }

    [SkippableFact]
    public async Task Session_NobodyRefreshes_EndsByBye()
    {
        Peer.Sipp.Require();
        await using var rig = await LaboratoryAsync();
        await Sipp.RunAsync("never-refreshed", rig, Timed());
        Assert.Equal("signalling_failed", (await rig.LastCallAsync()).EndReason);
        Assert.Equal(1, rig.Gateway.Sip.Counters[SipCounter.SessionsExpired]);
    }

    [SkippableFact]
    public async Task Dial_RefreshIsAnswered481_CallIsOver()
    {
        Peer.Sipp.Require();
        await using var rig = await LaboratoryAsync();
        await using var sipp = Sipp.Start("refresh-refused", rig.SipPort, Timed());
        await rig.DialAsync(sipp.Port);
        await sipp.SucceedAsync();
        Assert.Equal("signalling_failed", (await rig.LastCallAsync()).EndReason);
    }

    private static SippOptions Timed(int seconds = 6) => new()
    {
        Keys = [("interval", $"{seconds}"), ("least", "2")],
        Pause = Interval / 2,
    };

    private static Task<GatewayRig> LaboratoryAsync() => GatewayRig.StartAsync("say", static services =>
    {
        var sip = services.Select(static s => s.ImplementationInstance).OfType<SipOptions>().Single();
        (sip.SessionMinSeconds, sip.SessionExpiresSeconds) = (2, 6);
    });
}
