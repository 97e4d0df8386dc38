using System.Net;
using System.Net.Sockets;
using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Interop;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Faults;

/// <summary>What the caller hears when the model cannot be had: words and a BYE, or a 503. Never silence.</summary>
public sealed class LiveFaultTests
{
    [Fact]
    public async Task Connect_EndpointUnreachable_CallerHearsAnApologyAndGetsBye()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Live:Endpoint", $"ws://127.0.0.1:{FreePort.Next()}"));
        var report = await rig.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(30)));
        Assert.Equal(CallerOutcome.RemoteHungUp, report.Outcome);
        Assert.Equal(200, report.StatusCode);
        Assert.InRange(report.FirstSpeechMs!.Value, 0, 500);
        Assert.Contains("cause=41", report.Reason);
        var call = await rig.LastCallAsync();
        Assert.Equal("live_unavailable", call.EndReason);
    }

    [Fact]
    public async Task Connect_EndpointUnreachableAndRejectConfigured_Is503BeforeTheAnswer()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Live:Endpoint", $"ws://127.0.0.1:{FreePort.Next()}"), ("Calls:WhenLiveUnavailable", "Reject"));
        var report = await rig.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(30)));
        Assert.Equal((CallerOutcome.Refused, 503), (report.Outcome, report.StatusCode));
    }

    [Fact]
    public async Task Connect_ServerNeverAnswersTheSetup_EndsInTime()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var rig = await GatewayRig.StartAsync("say", ("Live:Endpoint", $"ws://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}"), ("Live:SetupTimeoutSeconds", "1"));
        var report = await rig.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(30)));
        Assert.Equal(CallerOutcome.RemoteHungUp, report.Outcome);
        Assert.Equal("live_unavailable", (await rig.LastCallAsync()).EndReason);
    }

    [Fact]
    public async Task Cancel_WhileTheSessionIsBeingOpened_EndsTheCall()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var rig = await GatewayRig.StartAsync("say", ("Live:Endpoint", $"ws://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}"), ("Live:SetupTimeoutSeconds", "30"));
        var report = await rig.CallAsync(new CallerOptions { Target = rig.Target(), AnswerTimeout = TimeSpan.FromSeconds(1) }, new ListenStep());
        Assert.Equal(CallerOutcome.Unanswered, report.Outcome);
        Assert.Equal("caller_cancelled", (await rig.LastCallAsync()).EndReason);
    }

    [Fact]
    public async Task Message_MalformedOrUnknown_TheCallGoesOn()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        var calling = rig.CallAsync(new ListenStep(), new SayStep(GatewayRig.Line(2)), new ListenStep(), new HangUpStep());
        await GatewayRig.WaitUntilAsync(() => rig.Simulator.Sessions.Any(static s => s.AudioFramesReceived > 20), "audio flows");
        var session = rig.Simulator.Sessions.Single();
        foreach (var nonsense in new[] { "{", "[]", "{\"serverContent\":{\"modelTurn\":7}}", "{\"brandNew\":{}}", """{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"###"}}]}}}""", """{"toolCallCancellation":{"ids":["nobody"]}}""" })
            await session.SendRawAsync(nonsense);
        Assert.True((await calling).Succeeded);
    }
}
