using VoiceGateway.Caller;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.IntegrationTests.Conversations;

/// <summary>The model stops, in every way it is known to: the caller is answered all the same, or told that they will not be.</summary>
public sealed class StallTests
{
    [Fact]
    public async Task Model_DeafAfterATool_IsHealedByANudge()
    {
        await using var call = await WatchedCall.StartWithToolAsync(TimeSpan.FromMilliseconds(50));
        call.Simulator.Faults.Arm(new Fault.DeafAfterTool { Until = StallEnd.Nudge });
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new ListenStep(), new HangUpStep());
        AssertHealed(report);

        var record = await call.RecordAsync();
        Assert.Contains(record.Transcript, static t => t.Text.Contains(WatchedCall.Offer, StringComparison.Ordinal));
        Assert.Contains("result of the tool", Assert.Single(call.Notes));
        Assert.Single(record.Timeline, static m => m.Name == "stall_nudged");
        AssertCounted(record.Watch, "deaf_after_tool", nudges: 1, reconnects: 0);
        Assert.Single(record.ToolCalls);
        // From the answer of the tool: patience, the nudge, the model's usual time.
        Assert.InRange(report.Turns[^1].LatencyMs!.Value, 1500, 4000);
    }

    [Fact]
    public async Task Model_SilentUntilReconnected_IsHealedByReconnecting()
    {
        await using var call = await WatchedCall.StartAsync();
        call.Simulator.Faults.Arm(new Fault.Silence { Until = StallEnd.Reconnect }, FaultMoment.Turn(1), connections: 1);
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new ListenStep(), new HangUpStep());
        AssertHealed(report);

        var record = await call.RecordAsync();
        Assert.Equal(2, call.Simulator.Sessions.Count);
        Assert.Contains(record.Transcript, static t => t.Text.Contains(WatchedCall.Answer, StringComparison.Ordinal));
        Assert.Equal(["stall_nudged", "stall_reconnected"], record.Timeline.Where(static m => m.Name.StartsWith("stall_", StringComparison.Ordinal)).Take(2).Select(static m => m.Name));
        Assert.Equal(1, record.Watch["stalls_no_answer"]);
        Assert.Equal(1, record.Watch["recovered_no_answer"]);
        Assert.Equal(1, record.Watch["reconnects"]);
        Assert.InRange(report.Turns[^1].LatencyMs!.Value, 2700, 8000);
    }

    [Fact]
    public async Task Model_TurnWithoutAudio_IsNudgedAtOnce()
    {
        await using var call = await WatchedCall.StartAsync(("Turns:StallSeconds", "8"));
        call.Simulator.Faults.Arm(new Fault.EmptyTurn { Until = StallEnd.Nudge }, FaultMoment.Turn(1));
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new ListenStep(), new HangUpStep());
        AssertHealed(report);
        AssertCounted((await call.RecordAsync()).Watch, "turn_without_audio", nudges: 1, reconnects: 0);
        Assert.InRange(report.Turns[^1].LatencyMs!.Value, 500, 6000);
    }

    [Fact]
    public async Task Model_SentenceCutShort_IsNudgedToGoOn()
    {
        await using var call = await WatchedCall.StartAsync();
        call.Simulator.Faults.Arm(new Fault.CutShort { Until = StallEnd.Nudge, TurnComplete = false, After = TimeSpan.FromMilliseconds(400) }, FaultMoment.Turn(1));
        var report = await call.CallAsync(
            new ListenStep(), WatchedCall.Say(), new ListenStep { Silence = TimeSpan.FromMilliseconds(500) }, new ListenStep(), new HangUpStep());
        AssertHealed(report);
        var record = await call.RecordAsync();
        Assert.Contains("broke off", Assert.Single(call.Notes));
        AssertCounted(record.Watch, "sentence_cut_short", nudges: 1, reconnects: 0);
    }

    /// <summary>Nothing helps: the caller is not left in silence for ever.</summary>
    [Fact]
    public async Task Model_SilentForGood_TheCallerHearsAnApologyAndGetsBye()
    {
        await using var call = await WatchedCall.StartMuteAsync(("Turns:StallSeconds", "1"), ("Turns:StallStepSeconds", "0.6"));
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new AwaitByeStep(TimeSpan.FromSeconds(30)));
        Assert.Equal(CallerOutcome.RemoteHungUp, report.Outcome);
        Assert.Contains(report.Recording.Heard.TakeLast(8000 * 4), static s => Math.Abs((int)s) > 3000);
        var record = await call.RecordAsync();
        Assert.Equal("model_stalled", record.EndReason);
        Assert.Equal("no_answer", record.EndDetail);
        Assert.Equal((1, 0), (record.Watch["stalls_no_answer"], record.Watch["recovered_no_answer"]));
        Assert.Equal((1, 1), (record.Watch["reconnects"], record.Watch["fall_backs"]));
        // Asked on each connection; the last, which remembers nothing, was told what had been said and did not greet again.
        Assert.Equal(3, call.Notes.Length);
        Assert.Equal([false, true, false], call.Simulator.Sessions.Select(static s => s.ResumedFrom is not null));
        Assert.Contains("Yes please?", Assert.Single(call.Simulator.Sessions.Last().Contents).GetRawText());
        Assert.Single(record.Transcript, static t => t.Text == "Yes please?");
    }

    /// <summary>A model that answers in its usual time is left alone.</summary>
    [Fact]
    public async Task Model_AnswersInTime_NothingIsAsked()
    {
        await using var call = await WatchedCall.StartAsync();
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new ListenStep(), WatchedCall.Say(), new ListenStep(), new WaitStep(TimeSpan.FromSeconds(2)), new HangUpStep());
        AssertHealed(report);
        Assert.Empty(call.Notes);
        var record = await call.RecordAsync();
        Assert.DoesNotContain(record.Watch, static w => w.Key.StartsWith("stalls_", StringComparison.Ordinal));
    }

    private static void AssertHealed(CallerReport report) => Assert.True(report.Succeeded, string.Join("; ", report.Problems));

    private static void AssertCounted(IReadOnlyDictionary<string, long> watch, string cause, long nudges, long reconnects)
    {
        Assert.Equal((1, 1), (watch[$"stalls_{cause}"], watch[$"recovered_{cause}"]));
        Assert.Equal((nudges, reconnects), (watch["nudges"], watch["reconnects"]));
    }
}
