using VoiceGateway.Caller;
using VoiceGateway.Codecs;

namespace VoiceGateway.IntegrationTests.Conversations;

/// <summary>Somebody waits: the agent for the caller, the caller for a tool, the gateway for its next call.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task Caller_SaysNothing_IsAskedThenToldGoodbye()
    {
        await using var call = await WatchedCall.StartAsync(("Turns:IdleSeconds", "1.5"), ("Turns:IdlePrompts", "1"), ("Turns:IdleGoodbyeSeconds", "1.5"));
        var report = await call.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(25)));
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));

        var record = await call.RecordAsync();
        Assert.Equal("caller_idle", record.EndReason);
        Assert.Equal(2, call.Notes.Length);
        Assert.Contains("still there", call.Notes[0]);
        Assert.Contains("say goodbye", call.Notes[1]);
        // Both were heard, the goodbye to its end.
        Assert.Equal([WatchedCall.StillThere, WatchedCall.Goodbye], record.Transcript.TakeLast(2).Select(static t => t.Text));
        Assert.True(record.Transcript[^1].HeardInFull);
        Assert.Equal(1, record.Watch["idle_prompts"]);
    }

    [Fact]
    public async Task Caller_AnswersThePrompt_TheCallGoesOn()
    {
        await using var call = await WatchedCall.StartAsync(("Turns:IdleSeconds", "1.5"), ("Turns:IdlePrompts", "1"), ("Turns:IdleGoodbyeSeconds", "1.5"));
        var report = await call.CallAsync(
            new ListenStep(), new ListenStep(), WatchedCall.Say(), new ListenStep(), new ListenStep(), WatchedCall.Say(), new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal(2, (await call.RecordAsync()).Watch["idle_prompts"]);
        Assert.DoesNotContain(call.Notes, static n => n.Contains("goodbye", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_ReachesItsLongestTime_IsWarnedAndSaysGoodbye()
    {
        await using var call = await WatchedCall.StartAsync(("Calls:MaxDurationMinutes", "0.1"), ("Turns:WarningSeconds", "3.5"));
        var report = await call.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(25)));
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));

        var record = await call.RecordAsync();
        Assert.Equal("max_duration", record.EndReason);
        Assert.Equal(["[system] This call must end in a few seconds: tell the caller in one short sentence.", "[system] The time of this call is over: say goodbye and end the conversation."], call.Notes);
        Assert.Equal(["Our time is nearly over.", WatchedCall.Goodbye], record.Transcript.TakeLast(2).Select(static t => t.Text));
        Assert.True(record.Transcript[^1].HeardInFull);
        // Six seconds, and the goodbye.
        Assert.InRange(report.DurationMs!.Value, 6000, 11_000);
    }

    [Fact]
    public async Task Tool_TakesItsTime_TheFillerIsHeardUntilTheAnswer()
    {
        await using var call = await WatchedCall.StartWithToolAsync(TimeSpan.FromSeconds(3));
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new WaitStep(TimeSpan.FromSeconds(7)), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));

        var record = await call.RecordAsync();
        var started = Assert.Single(record.Timeline, static m => m.Name == "filler_started").Ms;
        var stopped = Assert.Single(record.Timeline, static m => m.Name == "filler_stopped").Ms;
        var asked = Assert.Single(record.Timeline, static m => m.Name == "tool_asked").Ms;
        Assert.InRange(started - asked, 450, 800);
        Assert.InRange(stopped - started, 2400, 6000);
        Assert.Equal(1, record.Watch["fillers"]);
        Assert.Equal(0, record.Watch["nudges"]);
        Assert.Contains(record.Transcript, static t => t.Text == WatchedCall.Offer && t.HeardInFull);
        // Its two notes, in the caller's ear and nowhere else in the call.
        Assert.True(HeardFor(report.Recording.Heard, 523.25) >= 2, "the first note");
        Assert.True(HeardFor(report.Recording.Heard, 659.26) >= 2, "the second note");
    }

    [Fact]
    public async Task Tool_TakesItsTime_WithoutAFillerThereIsSilence()
    {
        await using var call = await WatchedCall.StartWithToolAsync(TimeSpan.FromSeconds(2), ("Turns:Filler", ""));
        var report = await call.CallAsync(new ListenStep(), WatchedCall.Say(), new WaitStep(TimeSpan.FromSeconds(5)), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal(0, HeardFor(report.Recording.Heard, 523.25));
        Assert.DoesNotContain((await call.RecordAsync()).Timeline, static m => m.Name == "filler_started");
    }

    /// <summary>How often the tone comes, in stretches: 80 ms in which it is nearly all there is.</summary>
    private static int HeardFor(short[] pcm, double frequencyHz)
    {
        var stretches = 0;
        var inside = false;
        for (var at = 0; at + 640 <= pcm.Length; at += 160)
        {
            var part = pcm.AsSpan(at, 640);
            double power = 0;
            foreach (var sample in part) power += (double)sample * sample;
            var level = 10 * Math.Log10((power / part.Length / (32_768.0 * 32_768)) + 1e-12);
            var isTone = level > -40 && Goertzel.LevelDbov(part.ToArray(), frequencyHz, 8000) > level - 4;
            if (isTone && !inside) stretches++;
            inside = isTone;
        }
        return stretches;
    }
}
