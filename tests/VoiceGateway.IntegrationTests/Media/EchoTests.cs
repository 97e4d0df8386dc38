using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Turns;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>
/// A caller with the loudspeaker on, 15 dB of return loss, and a model server that listens with a voice activity detector of its
/// own: it interrupts itself when it hears itself.
/// </summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class EchoTests(ITestOutputHelper output)
{
    private const double ReturnLossDb = 15;

    [Fact]
    public async Task AgentHearsItself_NeitherSideInterrupts_AndTheCallerStillDoes()
    {
        await using var rig = await GatewayRig.StartAsync("long-speech");
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        await using var echo = new EchoingCaller(peer, ReturnLossDb, delayMs: 100);
        var call = rig.Gateway.Calls.All.Single();
        await AskForTheStoryAsync(rig, echo, call);
        // What the question itself did is not counted.
        var from = call.Timeline.Now;
        await Task.Delay(6000);
        Assert.DoesNotContain(Since(call, from), static m => m.Mark is TimelineMark.Interrupted or TimelineMark.FlushedLocally or TimelineMark.SpeechStarted or TimelineMark.Ducked);

        var spoke = call.Timeline.Now;
        echo.Say(TestVoice.Padded(0, TestVoice.At(-24, TestVoice.Named("caller-f"))));
        await GatewayRig.WaitUntilAsync(() => Since(call, spoke).Any(static m => m.Mark == TimelineMark.Interrupted), "the model hears the caller", seconds: 5);
        foreach (var mark in new[] { TimelineMark.Ducked, TimelineMark.SpeechStarted, TimelineMark.Interrupted })
            output.WriteLine($"caller over the echo -> {mark}: {(Since(call, spoke).First(m => m.Mark == mark).Offset - spoke).TotalMilliseconds:F0} ms, of which some 140 ms are the caller's own queue");
    }

    /// <summary>What the test above would miss if nothing returned to the gateway.</summary>
    [Fact]
    public async Task AgentHearsItself_SuppressionOff_TheModelInterruptsItself()
    {
        await using var rig = await GatewayRig.StartAsync("long-speech", ("BargeIn:EchoSuppression", "false"));
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        await using var echo = new EchoingCaller(peer, ReturnLossDb, delayMs: 100);
        var call = rig.Gateway.Calls.All.Single();
        await GatewayRig.WaitUntilAsync(() => call.Timeline.Snapshot().Any(static m => m.Mark == TimelineMark.Interrupted), "the model interrupts itself");
        Assert.DoesNotContain(call.Timeline.Snapshot(), static m => m.Mark is TimelineMark.SpeechStarted or TimelineMark.Ducked);
    }

    /// <summary>The caller's turns are told by this side: an echo is none.</summary>
    private static async Task AskForTheStoryAsync(GatewayRig rig, EchoingCaller echo, Call call)
    {
        // The greeting comes back, too, and must not be taken for a question.
        await GatewayRig.WaitUntilAsync(() => call.Timeline.Snapshot().Any(static m => m.Mark == TimelineMark.LastReplyRtp), "the greeting is over");
        Assert.DoesNotContain(call.Timeline.Snapshot(), static m => m.Mark is TimelineMark.Interrupted or TimelineMark.SpeechStarted or TimelineMark.Ducked);
        await Task.Delay(300);
        echo.Say(TestVoice.Padded(0, TestVoice.At(-24, TestVoice.Named("caller-d"))));
        var asked = call.Timeline.Now;
        await GatewayRig.WaitUntilAsync(() => Since(call, asked).Any(static m => m.Mark == TimelineMark.FirstReplyRtp), "the story begins");
        Assert.Single(rig.Simulator.Sessions);
    }

    private static IEnumerable<TimelineEntry> Since(Call call, TimeSpan from) => call.Timeline.Snapshot().Where(m => m.Offset > from);
}
