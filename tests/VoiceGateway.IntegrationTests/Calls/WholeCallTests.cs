using System.Net;
using System.Net.Http.Json;
using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.IntegrationTests.Calls;

[Collection(AloneOnTheMachine.Name)]
public sealed class WholeCallTests
{
    [Theory]
    [InlineData(CallerCodec.Pcmu, false)]
    [InlineData(CallerCodec.Pcma, true)]
    public async Task Call_CallerSpeaks_BothSidesHearCleanSpeech(CallerCodec codec, bool tcp)
    {
        await using var rig = await GatewayRig.StartAsync("say");
        var said = GatewayRig.Line(0);
        var report = await rig.CallAsync(
            new CallerOptions { Target = rig.Target(tcp: tcp), Codec = codec },
            new ListenStep(), new SayStep(said), new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));

        // What the model heard: 16 kHz, after one G.711 encoding.
        var session = Assert.Single(rig.Simulator.Sessions);
        Assert.Equal(16000, session.ReceivedAudioRateHz);
        var heardByModel = session.ReceivedAudio();
        Assert.InRange(Alignment.SignalToNoiseDb(Alignment.Resampled(Codecs.Resampler.From8To16kHz(), said.Pcm8kHz.Span), heardByModel, 16000), 30, 100);

        // What the caller heard: the voice's 24 kHz recording, after resampling and G.711.
        var greeting = Reference24kHz("Good evening, restaurant Bella Vista, how can I help you?");
        Assert.InRange(Alignment.SignalToNoiseDb(greeting, report.Recording.Heard, 8000), 30, 100);
    }

    [Fact]
    public async Task Call_Answered_GreetingLeavesWithin100MsOfTheAck()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await rig.CallAsync(new ListenStep(), new HangUpStep());
        var report = await rig.CallAsync(new ListenStep(), new HangUpStep());
        Assert.InRange(report.FirstSpeechMs!.Value, 0, 100);
    }

    [Fact]
    public async Task Call_Booking_IsInTheRecordWithTranscriptToolsAndTimeline()
    {
        await using var rig = await GatewayRig.StartAsync("book-a-table");
        var report = await rig.CallAsync(
            new ListenStep(), new SayStep(GatewayRig.Line(0)), new InterruptStep(TimeSpan.FromSeconds(3), GatewayRig.Line(1)), new ListenStep(),
            new SayStep(GatewayRig.Line(2)), new ListenStep(), new SayStep(GatewayRig.Line(3)), new AwaitByeStep(TimeSpan.FromSeconds(20)));
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));

        var call = await rig.LastCallAsync();
        Assert.Equal("agent_hung_up", call.EndReason);
        Assert.Equal(["check_availability", "check_availability", "create_booking", "hang_up"], call.ToolCalls.Select(t => t.Name));
        Assert.All(call.ToolCalls, t => Assert.Equal("succeeded", t.Outcome));
        Assert.Contains(call.Transcript, t => t is { Speaker: "agent", HeardInFull: false });
        Assert.Contains(call.Transcript, t => t is { Speaker: "caller", Text: "Yes, the name is Miller." });
        foreach (var mark in new[] { "ringing", "live_ready", "answered", "acknowledged", "speech_started", "speech_stopped", "first_uplink_frame", "first_model_audio", "first_reply_rtp", "interrupted", "last_stale_rtp", "tool_asked", "tool_answered", "tool_sent", "ended" })
            Assert.Contains(call.Timeline, m => m.Name == mark);
        Assert.DoesNotContain(call.Timeline, m => m.Name == "underrun");
        // The goodbye was heard to its end.
        Assert.True(call.Transcript[^1].HeardInFull);
    }

    [Fact]
    public async Task Call_UnknownId_Is404InWords()
    {
        await using var rig = await GatewayRig.StartAsync();
        var response = await rig.Http.GetAsync("/api/calls/nothing");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("nothing", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Call_Digits_ReachTheModelOnceEach()
    {
        await using var rig = await GatewayRig.StartAsync("dtmf");
        var report = await rig.CallAsync(new ListenStep(), new DtmfStep("1"), new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Contains(rig.Simulator.Sessions.Single().Texts, t => t.EndsWith(": 1", StringComparison.Ordinal));
        var call = await rig.LastCallAsync();
        Assert.Single(call.Timeline, m => m.Name == "digit");
        Assert.Contains(call.Transcript, t => t.Text.StartsWith("You pressed one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HangUp_ByOperator_EndsTheCallWithBye()
    {
        await using var rig = await GatewayRig.StartAsync("long-speech");
        var calling = rig.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(20)));
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(c => c.Snapshot().State == VoiceGateway.Calls.CallState.Talking), "the call talks");
        var id = rig.Gateway.Calls.All[0].Id;
        Assert.Equal(HttpStatusCode.Accepted, (await rig.Http.DeleteAsync($"/api/calls/{id}")).StatusCode);
        Assert.Equal(CallerOutcome.RemoteHungUp, (await calling).Outcome);
        Assert.Equal("operator_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [Fact]
    public async Task Drain_NewCallsAreRefusedAndRunningOnesFinish()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        var running = rig.CallAsync(new ListenStep(), new SayStep(GatewayRig.Line(2)), new ListenStep(), new HangUpStep());
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 1, "the call is there");
        Assert.Equal(HttpStatusCode.OK, (await rig.Http.GetAsync("/health/ready")).StatusCode);
        await rig.Http.PostAsync("/api/drain", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await rig.Http.GetAsync("/health/ready")).StatusCode);
        var refused = await rig.CallAsync(new ListenStep());
        Assert.Equal(503, refused.StatusCode);
        Assert.True((await running).Succeeded);
    }

    [Fact]
    public async Task Admission_OneCallTooMany_Gets503AndTheOthersAreUnaffected()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Calls:MaxConcurrent", "1"));
        var first = rig.CallAsync(new ListenStep(), new WaitStep(TimeSpan.FromSeconds(1)), new HangUpStep());
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 1, "the call is there");
        Assert.Equal(503, (await rig.CallAsync(new ListenStep())).StatusCode);
        Assert.True((await first).Succeeded);
    }

    [Fact]
    public async Task Dial_OutboundCall_TalksToWhoAnswers()
    {
        await using var caller = await GatewayRig.StartAsync("say");
        await using var callee = await GatewayRig.StartAsync("say");
        var response = await caller.Http.PostAsJsonAsync("/api/calls", new { to = callee.Target("200").ToString(), agent = "default" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await GatewayRig.WaitUntilAsync(() => callee.Gateway.Calls.Count == 1, "the other side rings");
        // Two agents on one line: each hears the other's greeting.
        await GatewayRig.WaitUntilAsync(() => caller.Simulator.Sessions.Any(s => s.AudioFramesReceived > 100), "they talk");
        callee.Gateway.Calls.All[0].End(VoiceGateway.Calls.CallEndReason.OperatorHungUp);
        Assert.Equal("caller_hung_up", (await caller.LastCallAsync()).EndReason);
        Assert.Equal("outbound", (await caller.LastCallAsync()).Direction);
    }

    private static short[] Reference24kHz(string text)
    {
        var wav = AgentVoice.Lines.Single(l => l.Text == text).Read();
        var resampler = Codecs.Resampler.From24To8kHz();
        var output = new short[resampler.MaxOutputSamples(wav.Samples.Length)];
        return output[..resampler.Process(wav.Samples, output)];
    }
}
