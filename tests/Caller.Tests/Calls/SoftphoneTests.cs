using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller.Tests;

/// <summary>Real SIP and RTP on loopback. Times have room for a loaded machine.</summary>
public class SoftphoneTests
{
    private static readonly SpeechClip Words = SpeechClip.FromPcm([.. Pcm.Silence(60), .. Pcm.Tone(600, 500), .. Pcm.Silence(60)], 8000);

    [Fact]
    public async Task CallAsync_GreetingAndOneTurn_ReportsAllOfIt()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { ToneHz = 1000 });

        var report = await rig.CallAsync(new ListenStep(), new SayStep(Words, "hello"), new ListenStep());

        Assert.True(report.Succeeded, string.Join("; ", report.Problems.Append(report.Reason)));
        Assert.Equal(CallerOutcome.HungUp, report.Outcome);
        Assert.Equal(200, report.StatusCode);
        Assert.Equal("PCMU", report.Codec);
        Assert.True(report.RingingMs > 0);
        Assert.True(report.AnsweredMs > report.RingingMs);
        Assert.InRange(report.FirstRtpMs!.Value, 0, 1000);
        Assert.InRange(report.FirstSpeechMs!.Value, 50, 1500);
        Assert.Equal([TurnKind.Greeting, TurnKind.Say], report.Turns.Select(turn => turn.Kind));
        var turn = report.Turns[1];
        Assert.Equal("hello", turn.Text);
        Assert.Equal(500, turn.SpokeUntilMs!.Value - turn.SpokeFromMs, 60.0);
        Assert.InRange(turn.LatencyMs!.Value, 250, 1200);
        Assert.InRange(turn.ReplyUntilMs!.Value - turn.ReplyFromMs!.Value, 250, 1500);
        Assert.True(report.Rtp.PacketsReceived > 50);
        Assert.True(report.Rtp.PacketsSent > 50);
        Assert.Equal(0, report.Rtp.PacketsLost);
        Assert.Equal(0, report.LostGaps);
        Assert.True(report.DurationMs > 1000);
    }

    [Fact]
    public async Task CallAsync_Recording_HoldsBothDirectionsOnOneAxis()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { ToneHz = 1000 });

        var report = await rig.CallAsync(new ListenStep(), new SayStep(Words), new ListenStep());

        var (said, heard) = (report.Recording.Said, report.Recording.Heard);
        Assert.Equal(said.Length, heard.Length);
        Assert.Equal(report.DurationMs!.Value, said.Length / 8.0, 300.0);
        var turn = report.Turns[1];
        Assert.True(Pcm.Share(Part(said, turn.SpokeFromMs + 50, 400), 600) > 0.9);
        Assert.True(Pcm.Share(Part(heard, turn.ReplyFromMs!.Value + 100, 200), 1000) > 0.9);
        Assert.True(SpeechLevel.MeanSquare(Part(said, turn.ReplyFromMs.Value, 200)) < SpeechLevel.SilenceMeanSquare);
        var audible = rig.Leg.Heard.SkipWhile(sample => Math.Abs(sample) < 1000).Take(3200).ToArray();
        Assert.True(Pcm.Share(audible, 600) > 0.9);
    }

    [Fact]
    public async Task CallAsync_Line_CarriesEveryFrameAndMayChangeIt()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { ToneHz = 1000 });
        var line = new HummingLine();

        var report = await rig.CallAsync(rig.Options() with { Line = line }, new ListenStep(), new SayStep(Words), new ListenStep());

        Assert.InRange(line.Frames, report.Rtp.PacketsSent - 5, report.Rtp.PacketsSent + 5);
        // In the caller's silence too.
        var audible = rig.Leg.Heard.SkipWhile(sample => Math.Abs(sample) < 1000).Take(3200).ToArray();
        Assert.True(Pcm.Share(audible, 440) > 0.9);
    }

    [Fact]
    public async Task CallAsync_ALawOnly_SpeaksALaw()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { ToneHz = 800 });

        var report = await rig.CallAsync(rig.Options() with { Codec = CallerCodec.Pcma }, new ListenStep());

        Assert.Equal("PCMA", report.Codec);
        Assert.True(Pcm.Share(Part(report.Recording.Heard, report.Turns[0].ReplyFromMs!.Value + 50, 200), 800) > 0.9);
    }

    [Fact]
    public async Task CallAsync_PeerTakesNoneOfTheOffer_IsRefused()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { SendsOnlyALaw = true });

        var report = await rig.CallAsync(rig.Options() with { Codec = CallerCodec.Pcmu }, new ListenStep());

        Assert.Equal(CallerOutcome.Refused, report.Outcome);
        Assert.Equal(488, report.StatusCode);
    }

    [Fact]
    public async Task CallAsync_OverTcp_IsAnswered()
    {
        await using var rig = await CallRig.StartAsync();

        var report = await rig.CallAsync(rig.Options() with { Target = rig.Peer.TcpUri }, new ListenStep());

        Assert.True(report.Succeeded, report.Reason);
    }

    [Fact]
    public async Task CallAsync_Dtmf_ArrivesOnceADigitAndInOrder()
    {
        await using var rig = await CallRig.StartAsync();

        var report = await rig.CallAsync(new ListenStep(), new DtmfStep("12#5A"), new WaitStep(TimeSpan.FromSeconds(1)));

        Assert.True(report.Succeeded, report.Reason);
        Assert.Equal("12#5A", rig.Leg.DigitsHeard);
        var turn = report.Turns[1];
        Assert.Equal(TurnKind.Dtmf, turn.Kind);
        Assert.Equal("12#5A", turn.Text);
        Assert.True(turn.SpokeUntilMs - turn.SpokeFromMs >= 800);
    }

    [Fact]
    public async Task CallAsync_PeerPressesKeys_AreHeardOnce()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { Digits = "42", Greeting = TimeSpan.Zero });

        using var heard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var options = rig.Options() with { Progress = new KeyCounter(2, () => heard.CancelAfter(TimeSpan.FromMilliseconds(400))) };

        // Until both were heard, and a while longer, in which neither is heard again.
        var report = await rig.Phone.CallAsync(new CallerScript(new WaitStep(TimeSpan.FromMinutes(5))), options, heard.Token);

        Assert.Equal(CallerOutcome.Cancelled, report.Outcome);
        Assert.Equal("42", report.DigitsHeard);
    }

    [Fact]
    public async Task CallAsync_Interrupt_ComesAtItsMomentAndStopsTheAgent()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { Greeting = TimeSpan.FromSeconds(8), StopsAfter = TimeSpan.FromMilliseconds(200) });

        var report = await rig.CallAsync(new InterruptStep(TimeSpan.FromMilliseconds(600), Words, "wait"), new ListenStep());

        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        var greeting = report.Turns[0];
        var turn = report.Turns[1];
        Assert.Equal(TurnKind.Interrupt, turn.Kind);
        Assert.True(turn.OverAgent);
        // At 600 ms into the agent's words, give or take a frame, and what a loaded machine adds.
        Assert.InRange(turn.SpokeFromMs - greeting.ReplyFromMs!.Value, 595, 900);
        Assert.InRange(turn.BargeInStopMs!.Value, 100, 900);
        Assert.NotNull(turn.LatencyMs);
        Assert.Equal(0, report.SilentGaps);
    }

    [Fact]
    public async Task CallAsync_InterruptAfterTheAgentIsDone_SpeaksAndInterruptsNothing()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { Greeting = TimeSpan.FromMilliseconds(300) });

        var report = await rig.CallAsync(new InterruptStep(TimeSpan.FromSeconds(5), Words), new ListenStep());

        Assert.True(report.Succeeded);
        Assert.False(report.Turns[1].OverAgent);
        Assert.Null(report.Turns[1].BargeInStopMs);
    }

    [Fact]
    public async Task CallAsync_PauseInsideTheReply_IsASilentGap()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { Greeting = TimeSpan.Zero, ReplyPause = TimeSpan.FromMilliseconds(500) });

        var report = await rig.CallAsync(new SayStep(Words), new ListenStep());

        Assert.True(report.SilentGaps >= 1);
        Assert.Contains(report.Gaps, gap => gap.Kind == GapKind.Silence && gap.DurationMs is > 400 and < 690);
    }

    [Fact]
    public async Task CallAsync_Refused_TellsTheStatus()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { RefuseWith = 486 });

        var report = await rig.CallAsync(new ListenStep());

        Assert.Equal(CallerOutcome.Refused, report.Outcome);
        Assert.Equal(486, report.StatusCode);
        Assert.Contains("486", report.Reason, StringComparison.Ordinal);
        Assert.False(report.Succeeded);
        Assert.Empty(report.Turns);
    }

    [Fact]
    public async Task CallAsync_Unanswered_IsCancelled()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { NeverAnswers = true });

        var report = await rig.CallAsync(rig.Options() with { AnswerTimeout = TimeSpan.FromMilliseconds(500) }, new ListenStep());

        Assert.Equal(CallerOutcome.Unanswered, report.Outcome);
        Assert.NotNull(report.RingingMs);
        Assert.Null(report.AnsweredMs);
    }

    [Fact]
    public async Task CallAsync_NobodyThere_IsUnreachable()
    {
        await using var rig = await CallRig.StartAsync();

        var report = await rig.CallAsync(rig.Options() with { Target = new SipUri("100", "127.0.0.1", 9), AnswerTimeout = TimeSpan.FromSeconds(1) }, new ListenStep());

        Assert.Equal(CallerOutcome.Unreachable, report.Outcome);
    }

    [Fact]
    public async Task CallAsync_PeerHangsUpWhenExpected_Succeeds()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { HangsUpAfterReplies = 1 });

        var report = await rig.CallAsync(new ListenStep(), new SayStep(Words), new AwaitByeStep(TimeSpan.FromSeconds(10)));

        Assert.Equal(CallerOutcome.RemoteHungUp, report.Outcome);
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
    }

    [Fact]
    public async Task CallAsync_PeerHangsUpTooSoon_IsAProblem()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { HangsUpAfterReplies = 1 });

        var report = await rig.CallAsync(new ListenStep(), new SayStep(Words), new WaitStep(TimeSpan.FromSeconds(20)), new SayStep(Words));

        Assert.Equal(CallerOutcome.RemoteHungUp, report.Outcome);
        Assert.False(report.ScriptFinished);
        Assert.Contains("before the script was done", Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_NoBye_IsAProblem()
    {
        await using var rig = await CallRig.StartAsync();

        var report = await rig.CallAsync(new AwaitByeStep(TimeSpan.FromMilliseconds(300)));

        Assert.Contains("did not hang up", Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_SilentAgent_IsAProblemUnlessOptional()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { Greeting = TimeSpan.Zero });
        var shortly = new ListenStep { Timeout = TimeSpan.FromMilliseconds(300) };

        Assert.Contains("said nothing", Assert.Single((await rig.CallAsync(shortly)).Problems), StringComparison.Ordinal);
        Assert.Empty((await rig.CallAsync(shortly with { Optional = true })).Problems);
    }

    [Fact]
    public async Task CallAsync_TooLong_IsHungUp()
    {
        await using var rig = await CallRig.StartAsync();

        var report = await rig.CallAsync(rig.Options() with { MaxDuration = TimeSpan.FromMilliseconds(600) }, new WaitStep(TimeSpan.FromMinutes(5)));

        Assert.Equal(CallerOutcome.TooLong, report.Outcome);
        Assert.False(report.Succeeded);
    }

    [Fact]
    public async Task CallAsync_Cancelled_HangsUpAndReportsWhatThereWas()
    {
        await using var rig = await CallRig.StartAsync();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(1500));

        var report = await rig.Phone.CallAsync(new CallerScript(new WaitStep(TimeSpan.FromMinutes(5))), rig.Options(), cancel.Token);

        Assert.Equal(CallerOutcome.Cancelled, report.Outcome);
        Assert.True(report.Rtp.PacketsReceived > 0);
    }

    [Fact]
    public async Task CallAsync_Events_ComeInOrderWithTheirMoments()
    {
        await using var rig = await CallRig.StartAsync();
        var events = new List<CallerEvent>();

        await rig.CallAsync(rig.Options() with { Progress = new Collector(events) }, new ListenStep(), new SayStep(Words, "hello"), new ListenStep());

        Assert.Equal(
            [
                CallerEventKind.Ringing, CallerEventKind.Answered, CallerEventKind.AgentSpeaks, CallerEventKind.AgentSilent,
                CallerEventKind.CallerSpeaks, CallerEventKind.CallerSilent, CallerEventKind.AgentSpeaks, CallerEventKind.AgentSilent,
                CallerEventKind.Ended,
            ],
            events.Select(e => e.Kind));
        Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.Timestamp <= pair.Second.Timestamp));
        Assert.Equal(CallerEventKind.Ringing, events[0].Kind);
        Assert.Equal(CallerEventKind.Ended, events[^1].Kind);
        Assert.Equal("hello", events.Single(e => e.Kind == CallerEventKind.CallerSpeaks).Text);
        Assert.Equal("PCMU", events.Single(e => e.Kind == CallerEventKind.Answered).Text);
    }

    [Fact]
    public async Task CallAsync_ManyAtOnce_EachHasItsOwnTurns()
    {
        await using var rig = await CallRig.StartAsync();

        var reports = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.CallAsync(new ListenStep(), new SayStep(Words), new ListenStep())));

        Assert.All(reports, report => Assert.True(report.Succeeded, string.Join("; ", report.Problems.Append(report.Reason))));
        Assert.All(reports, report => Assert.Equal(2, report.Turns.Count));
    }

    [Fact]
    public async Task DisposeAsync_CallGoesOn_HangsItUp()
    {
        var rig = await CallRig.StartAsync();
        var call = rig.CallAsync(new WaitStep(TimeSpan.FromMinutes(5)));
        await CallRig.UntilAsync(() => rig.Peer.Legs.Any(leg => leg.PacketsHeard > 5));

        await rig.DisposeAsync();

        Assert.Equal(CallerOutcome.Cancelled, (await call).Outcome);
    }

    [Fact]
    public async Task StartAsync_PortTaken_NamesIt()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;

        var error = await Assert.ThrowsAsync<SipBindException>(() => Softphone.StartAsync(new SoftphoneOptions { SipPort = port }));

        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_AddressOfNoInterface_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Softphone.StartAsync(new SoftphoneOptions { LocalAddress = IPAddress.Any }));

    private static short[] Part(short[] pcm, double fromMs, int milliseconds) => pcm[(int)(fromMs * 8)..((int)(fromMs * 8) + milliseconds * 8)];

    private sealed class Collector(List<CallerEvent> events) : IProgress<CallerEvent>
    {
        public void Report(CallerEvent value) => events.Add(value);
    }

    private sealed class KeyCounter(int keys, Action heard) : IProgress<CallerEvent>
    {
        private int _left = keys;

        public void Report(CallerEvent value)
        {
            if (value.Kind == CallerEventKind.DtmfHeard && --_left == 0) heard();
        }
    }

    private sealed class HummingLine : ICallerLine
    {
        private readonly SpeechClip _hum = SpeechClip.FromPcm(Pcm.Tone(440, 20 * 50), 8000);

        public int Frames { get; private set; }

        public void Carry(Span<short> frame, long now) => _hum.Pcm8kHz.Span.Slice(Frames++ % 50 * frame.Length, frame.Length).CopyTo(frame);
    }
}
