using System.Diagnostics;
using System.Text.Json;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Turns;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>
/// How fast the caller gets the floor, at the sockets: an agent that plays a tone, callers who begin anywhere within a packet.
/// The figures of bench/reports/barge-in.md.
/// </summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class BargeInReportTests(ITestOutputHelper output) : IDisposable
{
    private const int ShortAnswers = 24;
    private const int Clicks = 5;
    private const int Interruptions = 4;
    private const double Amplitude = 10_000;
    private const double SpeechDbov = -24;

    // A model that answers nothing: what it says is sent by the test.
    private const string Silent = """{ "greeting": [ { "wait": { "milliseconds": 1 } } ], "otherwise": { "steps": [ { "wait": { "milliseconds": 1 } } ] } }""";

    private readonly string _scenario = Path.Combine(Path.GetTempPath(), $"silent-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_scenario);

    /// <summary>Short answers duck the agent and hand its level back; they do not silence it.</summary>
    [Fact]
    public async Task ShortAnswer_OverTheAgent_DucksWithin40MsAndRestores()
    {
        await using var rig = await StartAsync();
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        var session = rig.Simulator.Sessions.Single();
        await SpeakAsync(session, peer, seconds: 50);
        string[] words = ["yes-m", "no-f", "yes-d", "no-e", "yes-f", "no-r"];
        var random = new Random(5);
        var ducks = new List<double>();
        var restores = new List<double>();
        for (var i = 0; i < ShortAnswers; i++)
        {
            var answer = TestVoice.At(SpeechDbov, TestVoice.Named(words[i % words.Length]));
            var before = random.Next(160);
            var (began, ended, heard) = await SayAsync(peer, TestVoice.Padded(before, answer), before + TestVoice.Onset(answer), afterwardsMs: 700);
            ducks.Add(FirstDucked(heard, began));
            restores.Add(FirstRestored(heard, ended));
        }
        Report("short answer: the packet that brings its first 5 ms -> first ducked packet", ducks);
        Report("short answer: its last packet -> first packet at full level", restores);

        var clicks = new List<double>();
        for (var i = 0; i < Clicks; i++)
        {
            var (began, _, heard) = await SayAsync(peer, ModelMessages.Tone(1500, 20, 8000, 6000), 0, afterwardsMs: 500);
            clicks.Add(FirstRestored(heard, began));
        }
        Report("click: its packet -> first packet at full level", clicks);

        Assert.DoesNotContain(rig.Gateway.Calls.All.Single().Timeline.Snapshot(), static m => m.Mark is TimelineMark.FlushedLocally or TimelineMark.Interrupted);
        Assert.InRange(ducks[(int)(ducks.Count * 0.95)], 0, 40);
        Assert.InRange(restores[(int)(restores.Count * 0.95)], 0, 450);
        Assert.InRange(clicks[^1], 0, 300);
    }

    [Fact]
    public async Task Interrupted_NeverOrLate_TheAgentIsSilencedAllTheSame()
    {
        await using var rig = await StartAsync();
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        var session = rig.Simulator.Sessions.Single();
        var never = new List<double>();
        var late = new List<double>();
        for (var i = 0; i < 2 * Interruptions; i++)
        {
            await SpeakAsync(session, peer, seconds: 4);
            var voice = TestVoice.At(SpeechDbov, TestVoice.Named(i % 4 < 2 ? "caller-f" : "caller-m"))[..(8 * 1400)];
            var interrupted = i % 2 == 0 ? Task.CompletedTask : InterruptAsync(session, peer);
            var (began, _, heard) = await SayAsync(peer, TestVoice.Padded(0, voice), TestVoice.Onset(voice), afterwardsMs: 100);
            await interrupted;
            (i % 2 == 0 ? never : late).Add(LastStale(heard, began));
            await session.SendRawAsync(ModelMessages.TurnComplete);
            await Task.Delay(600);
        }
        Report("interrupted never sent: first sound -> last packet of the agent", never);
        Report("interrupted 500 ms late: first sound -> last packet of the agent", late);
        Assert.InRange(never[^1], 650, 1100);
        Assert.InRange(late[^1], 450, 800);
        // The model is told each time how far it came.
        Assert.Equal(2 * Interruptions, Notes(session).Count(static n => n.Contains("The caller interrupted you and heard only this", StringComparison.Ordinal)));
    }

    /// <summary>The model interrupts itself while nobody speaks: it is asked for the rest, and told what was heard.</summary>
    [Fact]
    public async Task Interrupted_NobodySpeaks_TheModelIsAskedForTheRest()
    {
        await using var rig = await StartAsync();
        await using var peer = await MeasuringPeer.CallAsync(rig.Target());
        var session = rig.Simulator.Sessions.Single();
        var stops = new List<double>();
        var asked = new List<double>();
        var restores = new List<double>();
        for (var i = 0; i < Interruptions; i++)
        {
            await SpeakAsync(session, peer, seconds: 4);
            await Task.Delay(1000);
            var texts = session.Texts.Count;
            var cut = Stopwatch.GetTimestamp();
            await session.SendRawAsync(ModelMessages.Interrupted);
            await session.SendRawAsync(ModelMessages.TurnComplete);
            await GatewayRig.WaitUntilAsync(() => session.Texts.Count > texts, "the model is asked for the rest");
            asked.Add(Stopwatch.GetElapsedTime(cut).TotalMilliseconds);
            stops.Add(LastStale(peer.Received.ToArray(), cut));
            // A model that answers in no time: what is left is the gateway's.
            await session.SendRawAsync(ModelMessages.Audio(ModelMessages.Tone(400, 300, 24_000, Amplitude)));
            await session.SendRawAsync(ModelMessages.TurnComplete);
            await Task.Delay(400);
            restores.Add(peer.Received.Where(p => Level(p) > 5000 && Ms(cut, p.Timestamp) > 300).Select(p => Ms(cut, p.Timestamp)).First());
        }
        Report("interrupted falsely: sent -> last packet of the agent", stops);
        Report("interrupted falsely: sent -> the model is asked for the rest", asked);
        Report("interrupted falsely: sent -> the agent is heard again (a model that needs no time)", restores);
        Assert.All(session.Texts.TakeLast(Interruptions), static text => Assert.Contains("Nobody interrupted you, but the caller has heard only this", text, StringComparison.Ordinal));
        Assert.Equal(Interruptions, rig.Gateway.Calls.All.Single().Timeline.Snapshot().Count(static m => m.Mark == TimelineMark.PhantomInterrupted));
        Assert.InRange(asked[^1], 480, 800);
    }

    private async Task<GatewayRig> StartAsync()
    {
        await File.WriteAllTextAsync(_scenario, Silent);
        return await GatewayRig.StartAsync(_scenario, ("Turns:StallSeconds", "0"), ("Calls:RingForGreetingMs", "100"));
    }

    private static async Task SpeakAsync(SimulatedSession session, MeasuringPeer peer, int seconds)
    {
        peer.Received.Clear();
        await session.SendRawAsync(JsonSerializer.Serialize(new { serverContent = new { outputTranscription = new { text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen. " } } }));
        for (var left = seconds; left > 0; left -= 10)
            await session.SendRawAsync(ModelMessages.Audio(ModelMessages.Tone(400, Math.Min(left, 10) * 1000, 24_000, Amplitude)));
        await GatewayRig.WaitUntilAsync(() => peer.Received.Count(static p => Level(p) > 5000) > 20, "the agent is heard");
    }

    /// <summary>Says it and waits.</summary>
    /// <returns>When the packets left that bring the first 5 ms of sound and the end, and what was heard from then on.</returns>
    private static async Task<(long Began, long Ended, MeasuringPeer.Heard[] Heard)> SayAsync(MeasuringPeer peer, short[] pcm, int onset, int afterwardsMs)
    {
        var said = peer.SaidAt.Count;
        peer.Received.Clear();
        peer.Say(pcm);
        await GatewayRig.WaitUntilAsync(() => peer.SaidAt.Count == said + pcm.Length / 160, "it is said");
        await Task.Delay(afterwardsMs);
        var times = peer.SaidAt.ToArray();
        return (times[said + (onset + 39) / 160], times[^1], peer.Received.ToArray());
    }

    private static async Task InterruptAsync(SimulatedSession session, MeasuringPeer peer)
    {
        var said = peer.SaidAt.Count;
        await GatewayRig.WaitUntilAsync(() => peer.SaidAt.Count > said, "the caller speaks");
        await Task.Delay(500);
        await session.SendRawAsync(ModelMessages.Interrupted);
    }

    private static IEnumerable<string> Notes(SimulatedSession session) => session.Contents.Select(static c => c.ToString());

    // The second half: a level that falls within the frame has fallen by then.
    private static double Level(MeasuringPeer.Heard packet) => packet.Pcm.Skip(80).Max(static s => Math.Abs((double)s));

    private static double FirstDucked(MeasuringPeer.Heard[] heard, long began) =>
        heard.Where(p => p.Timestamp > began && Level(p) < 0.5 * Amplitude).Select(p => Ms(began, p.Timestamp)).DefaultIfEmpty(double.PositiveInfinity).First();

    private static double FirstRestored(MeasuringPeer.Heard[] heard, long ended) =>
        heard.Where(p => p.Timestamp > ended).SkipWhile(static p => Level(p) > 0.5 * Amplitude).Where(static p => Level(p) > 0.9 * Amplitude)
            .Select(p => Ms(ended, p.Timestamp)).DefaultIfEmpty(double.PositiveInfinity).First();

    private static double LastStale(MeasuringPeer.Heard[] heard, long began) =>
        heard.Where(p => p.Timestamp > began).TakeWhile(static p => p.Peak > 64).Select(p => Ms(began, p.Timestamp)).DefaultIfEmpty(0).Last();

    private static double Ms(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private void Report(string what, List<double> times)
    {
        times.Sort();
        output.WriteLine($"{what}: p50 {times[times.Count / 2]:F0} ms, p95 {times[(int)(times.Count * 0.95)]:F0} ms, most {times[^1]:F0} ms ({times.Count})");
    }
}
