using VoiceGateway.Caller;
using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Live;

/// <summary>Calls whose connection to the model is replaced under them: by plan, and by all that can happen to it.</summary>
public sealed class SurvivalTests(ITestOutputHelper log)
{
    private const string Greeting = "Good evening, restaurant Bella Vista, how can I help you?";

    [Fact]
    public async Task GoAway_InTheMiddleOfABooking_NobodyNotices()
    {
        await using var rig = await GatewayRig.StartAsync("book-a-table");
        rig.Simulator.Faults.Arm("""[{ "at": "second:5", "kind": "goAway", "timeLeft": "10s" }, { "at": "second:4", "kind": "goAway", "timeLeft": "10s" }]""");
        var fills = new UplinkFills(rig);
        var report = await rig.CallAsync(
            new CallerOptions { Target = rig.Target(), Progress = fills },
            new ListenStep(), new SayStep(GatewayRig.Line(0)), new ListenStep(), new SayStep(GatewayRig.Line(1)), new ListenStep(), new HangUpStep());
        var call = await CallAsync(rig);
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.Equal(["check_availability", "check_availability"], call.ToolCalls.Select(t => t.Name));
        Assert.Single(call.Transcript, t => t.Text == Greeting);
        Assert.Contains(call.Timeline, m => m.Name == "rotated");
        Assert.DoesNotContain(call.Timeline, m => m.Name == "link_lost");
        Assert.All(rig.Simulator.Sessions.Skip(1), s => Assert.NotNull(s.ResumedFrom));
        // Closed in order, by us, before the next one came.
        Assert.All(rig.Simulator.Sessions.SkipLast(1), s => Assert.Equal(1000, s.CloseCodeReceived));
        await AudioIsWholeAsync(rig, report, fills.Frames);
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("close:1011")]
    [InlineData("close:1000")]
    [InlineData("malformed:10")]
    public async Task Lost_WhileTheCallerSpeaks_TheModelHearsEveryWordAndAnswers(string fault)
    {
        await using var rig = await GatewayRig.StartAsync("say");
        var said = GatewayRig.Line(0);
        var fills = new UplinkFills(rig);
        var calling = rig.CallAsync(new CallerOptions { Target = rig.Target(), Progress = fills }, new ListenStep(), new SayStep(said), new ListenStep(), new HangUpStep());
        var session = await rig.Simulator.WaitForSessionAsync();
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.Timeline.Snapshot().Any(static m => m.Mark == VoiceGateway.Turns.TimelineMark.SpeechStarted)), "the caller speaks", 20);
        await Task.Delay(700);
        Assert.True(await session.InjectAsync(Fault.Parse(fault == "malformed:10" ? """{"kind":"malformed","messages":10}""" : fault)));
        var report = await calling;
        var call = await CallAsync(rig);
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal(2, rig.Simulator.Sessions.Count);
        // What was said before the loss comes as it was kept, 30 dB above what that loses; the rest as it came. A frame missing in its midst
        // would move all that follows, and leave next to nothing.
        Assert.InRange(HeardDb(Upsampled(said), Sessions(rig)[1].ReceivedAudio(), fills.Frames), 30, 100);
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.Single(call.Transcript, t => t.Text == Greeting);
        Assert.Contains(call.Transcript.SkipWhile(t => t.Speaker != "caller"), t => t.Speaker == "agent");
        Assert.Contains(call.Timeline, m => m.Name == "link_restored");
    }

    [Fact]
    public async Task HandleRefused_AFreshSessionKnowsWhatWasSaid_AndDoesNotGreetAgain()
    {
        await using var rig = await GatewayRig.StartAsync("book-a-table");
        var calling = rig.CallAsync(
            new ListenStep(), new SayStep(GatewayRig.Line(0)), new ListenStep(), new SayStep(GatewayRig.Line(1)), new ListenStep(), new HangUpStep());
        await GatewayRig.WaitUntilAsync(() => rig.Simulator.Sessions.Any(static s => s.ToolCalls.Count > 0), "the first turn is under way", 20);
        rig.Simulator.Faults.Arm(new Fault.RefuseHandle(), connections: 1);
        await (await rig.Simulator.WaitForSessionAsync()).InjectAsync(new Fault.GoAway { TimeLeft = TimeSpan.FromSeconds(10) });
        var report = await calling;
        var call = await CallAsync(rig);
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        var fresh = Sessions(rig)[^1];
        Assert.Single(call.Transcript, t => t.Text == Greeting);
        Assert.Null(fresh.ResumedFrom);
        Assert.Contains(Greeting, fresh.Contents.Select(c => c.ToString()).Aggregate("", string.Concat));
        Assert.Contains(call.ToolCalls, t => t.Name == "check_availability");
    }

    [Fact]
    public async Task Lost_WhileAToolRuns_ItRunsOnce_AndTheModelGetsItsResult()
    {
        await using var rig = await GatewayRig.StartAsync("book-a-table");
        var calling = rig.CallAsync(
            new ListenStep(), new SayStep(GatewayRig.Line(0)), new ListenStep(), new SayStep(GatewayRig.Line(1)), new ListenStep(),
            new SayStep(GatewayRig.Line(2)), new ListenStep(), new SayStep(GatewayRig.Line(3)), new AwaitByeStep(TimeSpan.FromSeconds(30)));
        await GatewayRig.WaitUntilAsync(() => rig.Simulator.Sessions.Any(static s => s.ToolCalls.Any(static t => t.Name == "create_booking")), "the booking is asked for", 40);
        Sessions(rig)[^1].Abort();
        var report = await calling;
        var call = await CallAsync(rig);
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal("agent_hung_up", call.EndReason);
        Assert.Single(call.ToolCalls, t => t.Name == "create_booking");
        Assert.Contains(Sessions(rig)[^1].ToolCalls, t => t.Name is "create_booking" or "hang_up");
    }

    [Fact]
    public async Task HomeIsGone_TheFallbackTakesOver_SeededWithTheTranscript()
    {
        await using var elsewhere = await LiveSimulatorServer.StartAsync(new LiveSimulatorOptions { ScenarioPath = "say" });
        using var agents = new AgentsFolder($$"""
            { "greeting": "Greet the caller.", "fallback": [ { "endpoint": "{{elsewhere.Endpoint.ToString().TrimEnd('/')}}", "model": "gemini-2.5-flash-native-audio-latest" } ] }
            """);
        await using var rig = await GatewayRig.StartAsync("say", agents.Setting, ("Live:RetryBudgetSeconds", "1"));
        var calling = rig.CallAsync(new ListenStep(), new SayStep(GatewayRig.Line(0)), new ListenStep(), new HangUpStep());
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.Timeline.Snapshot().Any(static m => m.Mark == VoiceGateway.Turns.TimelineMark.SpeechStarted)), "the caller speaks", 20);
        rig.Simulator.Faults.Arm(new Fault.Refuse { Status = 401 }, connections: 100);
        rig.Simulator.Sessions.Single().Abort();
        var report = await calling;
        var call = await CallAsync(rig);
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal("gemini-2.5-flash-native-audio-latest", call.Model);
        Assert.Contains(call.Timeline, m => m.Name == "fell_back");
        Assert.Single(call.Transcript, t => t.Text == Greeting);
        await GatewayRig.WaitUntilAsync(() => elsewhere.Sessions.All(static s => !s.IsOpen), "the fallback's session is closed");
    }

    [Fact]
    public async Task NothingIsLeft_CallerHearsAnApologyAndGetsBye()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Live:RetryBudgetSeconds", "2"));
        var calling = rig.CallAsync(new ListenStep(), new AwaitByeStep(TimeSpan.FromSeconds(30)));
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.Snapshot().State == CallState.Talking), "the call talks");
        await Task.Delay(4500);
        rig.Simulator.Faults.Arm(new Fault.Refuse { Status = 503 }, connections: 100);
        await rig.Simulator.Sessions.Single().CloseAsync(1011, "internal error");
        var report = await calling;
        Assert.Equal(CallerOutcome.RemoteHungUp, report.Outcome);
        // The apology was heard: loud samples in the last seconds.
        Assert.Contains(report.Recording.Heard.TakeLast(8000 * 4), static s => Math.Abs((int)s) > 3000);
        var call = await CallAsync(rig);
        Assert.Equal("live_lost", call.EndReason);
        Assert.Contains("1011", call.EndDetail);
    }

    // With what each side makes of it, for whoever has to find out why a test failed.
    private async Task<Admin.CallView> CallAsync(GatewayRig rig)
    {
        var call = await rig.LastCallAsync();
        log.WriteLine($"{call.Rtp}");
        log.WriteLine($"{call.Playout}; the softphone's clock was late by up to {rig.Phone.MaxLateness.TotalMilliseconds:F0} ms");
        foreach (var mark in call.Timeline) log.WriteLine($"{mark}");
        foreach (var words in call.Transcript) log.WriteLine($"{words}");
        foreach (var session in Sessions(rig))
            foreach (var seen in session.Events) log.WriteLine($"{session.Id} {System.Diagnostics.Stopwatch.GetElapsedTime(Sessions(rig)[0].Events[0].Timestamp, seen.Timestamp).TotalSeconds:F2} {seen.Kind} {seen.Detail}");
        return call;
    }

    // Each line was heard without a hole: by one session, or by two of which the second takes up where the first ended.
    private async Task AudioIsWholeAsync(GatewayRig rig, CallerReport report, int filled)
    {
        await GatewayRig.WaitUntilAsync(() => rig.Simulator.Sessions.All(static s => !s.IsOpen), "the sessions are closed");
        var heard = Sessions(rig).Select(static s => s.ReceivedAudio()).Where(static a => a.Length > 0).ToList();
        heard.Add([.. heard.SelectMany(static a => a)]);
        foreach (var line in Enumerable.Range(0, 2).Select(GatewayRig.Line).Select(Upsampled))
            Assert.InRange(heard.Where(a => a.Length > line.Length).Max(a => HeardDb(line, a, filled)), 30, 100);
        Assert.NotEmpty(report.Recording.Heard);
    }

    private double HeardDb(short[] line, short[] heard, int filled)
    {
        var whole = UplinkFills.TakenOut(line, [.. heard, .. new short[line.Length]], filled);
        var db = Alignment.SignalToNoiseDb(line, whole, 16000);
        log.WriteLine($"{heard.Length} samples with a line of {line.Length} at {Alignment.FindDelay(line, heard)}: {db:F1} dB without up to {filled} frames put in for late ones");
        return db;
    }

    private static List<SimulatedSession> Sessions(GatewayRig rig) => [.. rig.Simulator.Sessions.OrderBy(static s => s.StartedAt)];

    private static short[] Upsampled(SpeechClip clip) => Alignment.Resampled(Codecs.Resampler.From8To16kHz(), clip.Pcm8kHz.Span);
}
