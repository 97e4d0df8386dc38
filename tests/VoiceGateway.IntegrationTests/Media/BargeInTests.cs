using System.Diagnostics;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Media;

[Collection(AloneOnTheMachine.Name)]
public sealed class BargeInTests(ITestOutputHelper output)
{
    private const int Interruptions = 40;
    private const double ToneHz = 400;
    private const double Amplitude = 10_000;

    /// <summary>From <c>interrupted</c> to the last packet that carries the old reply, and no click in it.</summary>
    [Fact]
    public async Task Interrupted_WhileTheAgentSpeaks_StopsWithin20MsWithoutAClick()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        var session = rig.Simulator.Sessions.Single();
        await Task.Delay(4000);

        var reply = ModelMessages.Audio(ModelMessages.Tone(ToneHz, 5000, 24_000, Amplitude));
        var random = new Random(3);
        var heardStops = new List<double>();
        for (var i = 0; i < Interruptions; i++)
        {
            peer.Received.Clear();
            await session.SendRawAsync(reply);
            await GatewayRig.WaitUntilAsync(() => peer.Received.Count(static p => p.Peak > 5000) > 5, "the reply is heard");
            await Task.Delay(random.Next(0, 40));
            var interrupted = Stopwatch.GetTimestamp();
            await session.SendRawAsync(ModelMessages.Interrupted);
            await Task.Delay(150);
            await session.SendRawAsync(ModelMessages.TurnComplete);

            var heard = peer.Received.ToArray();
            var last = Array.FindLastIndex(heard, static p => p.Peak > 64);
            heardStops.Add(Stopwatch.GetElapsedTime(interrupted, heard[last].Timestamp).TotalMilliseconds);
            AssertNoClick([.. heard.Take(last + 2).TakeLast(6).SelectMany(static p => p.Pcm)]);
        }
        var received = StopsByTheTimeline(rig.Gateway.Calls.All.Single().Timeline.Snapshot());
        Assert.Equal(Interruptions, received.Count);
        Report("interrupted received -> last stale RTP sent", received);
        Report("interrupted sent by the server -> last stale RTP at the caller", heardStops);
        Assert.InRange(received[(int)(received.Count * 0.95)], 0, 20);
        Assert.InRange(heardStops[(int)(heardStops.Count * 0.95)], -20, 20);
    }

    private static List<double> StopsByTheTimeline(IReadOnlyList<Turns.TimelineEntry> marks)
    {
        var interrupted = marks.Where(static m => m.Mark == Turns.TimelineMark.Interrupted).ToArray();
        var stale = marks.Where(static m => m.Mark == Turns.TimelineMark.LastStaleRtp).ToArray();
        return [.. interrupted.Zip(stale, static (a, b) => (b.Offset - a.Offset).TotalMilliseconds)];
    }

    private void Report(string what, List<double> times)
    {
        times.Sort();
        output.WriteLine($"{what}: p50 {times[times.Count / 2]:F2} ms, p95 {times[(int)(times.Count * 0.95)]:F2} ms, most {times[^1]:F2} ms");
    }

    /// <summary>A chunk of the cancelled generation that was under way when the model was interrupted is not heard.</summary>
    [Fact]
    public async Task Interrupted_LateChunkOfTheCancelledGeneration_IsDropped()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        var session = rig.Simulator.Sessions.Single();
        await Task.Delay(4000);
        await session.SendRawAsync(ModelMessages.Audio(ModelMessages.Tone(ToneHz, 1000, 24_000)));
        await Task.Delay(200);
        await session.SendRawAsync(ModelMessages.Interrupted);
        await session.SendRawAsync(ModelMessages.Audio(ModelMessages.Tone(ToneHz, 1000, 24_000)));
        await Task.Delay(100);
        peer.Received.Clear();
        await Task.Delay(600);
        Assert.DoesNotContain(peer.Received, static p => p.Peak > 64);

        // The next reply is heard again.
        await session.SendRawAsync(ModelMessages.TurnComplete);
        await session.SendRawAsync(ModelMessages.Audio(ModelMessages.Tone(ToneHz, 200, 24_000)));
        await session.SendRawAsync(ModelMessages.TurnComplete);
        await GatewayRig.WaitUntilAsync(() => peer.Received.Any(static p => p.Peak > 5000), "the next reply is heard");
        Assert.Equal(1, rig.Gateway.Calls.All.Single().Snapshot().Playout!.LateChunks);
    }

    /// <summary>The model never says <c>interrupted</c>: the caller's voice ducks the agent and, going on, silences it.</summary>
    [Fact]
    public async Task CallerSpeaks_ModelSaysNothing_DucksThenFlushes()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        var session = rig.Simulator.Sessions.Single();
        await Task.Delay(4000);
        peer.Received.Clear();
        await session.SendRawAsync(ModelMessages.Audio(ModelMessages.Tone(ToneHz, 6000, 24_000, Amplitude)));
        await GatewayRig.WaitUntilAsync(() => peer.Received.Count(static p => p.Peak > 5000) > 5, "the reply is heard");
        var voice = GatewayRig.Line(0).Pcm8kHz.ToArray();
        peer.Say(voice[..(voice.Length / 160 * 160)]);
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Single().Timeline.Snapshot().Any(static m => m.Mark == Turns.TimelineMark.FlushedLocally || m.Mark == Turns.TimelineMark.Interrupted), "playout is flushed");
        var marks = rig.Gateway.Calls.All.Single().Timeline.Snapshot();
        Assert.Contains(marks, static m => m.Mark == Turns.TimelineMark.Ducked);
        var ducked = peer.Received.ToArray().Where(static p => p.Peak is > 1000 and < 3000);
        Assert.NotEmpty(ducked);
        await Task.Delay(100);
        peer.Received.Clear();
        await Task.Delay(200);
        Assert.DoesNotContain(peer.Received, static p => p.Peak > 64);
    }

    // The tone's own largest step, and what the steepest point of a 5 ms fade may add to it, and G.711's error.
    private static void AssertNoClick(short[] pcm)
    {
        const double ofTheTone = Amplitude * 2 * Math.PI * ToneHz / 8000;
        const double ofTheFade = Amplitude * Math.PI / (2 * 0.005 * 8000);
        for (var i = 1; i < pcm.Length; i++) Assert.InRange(Math.Abs(pcm[i] - pcm[i - 1]), 0, ofTheTone + ofTheFade + 600);
    }
}
