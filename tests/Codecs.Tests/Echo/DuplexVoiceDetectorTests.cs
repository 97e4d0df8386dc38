using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

/// <summary>The caller on a line on which an agent speaks at -20 dBov and hears itself again.</summary>
public class DuplexVoiceDetectorTests(ITestOutputHelper output)
{
    private const double AgentDbov = -20;

    private static readonly string[] Agents = ["agent-f", "agent-m", "agent-d"];
    private static readonly string[] Callers = ["caller-m", "caller-f", "caller-d", "caller-e"];
    private static readonly double[] ReturnLossesDb = [15, 20, 30];
    private static readonly double[] DelaysMs = [20, 61.3, 120, 200, 300];
    private static readonly int[] RoomsMs = [0, 100, 300];

    /// <summary>What comes back before the echo is proven goes on as it came, and is speech for nobody here.</summary>
    [Fact]
    public void EchoAlone_AnyDelayLossAndRoom_IsNeitherOnsetNorSpeech_AndSoonNotPassedOn()
    {
        var runs = (from agent in Agents from loss in ReturnLossesDb from delay in DelaysMs select (agent, loss, delay)).ToArray();
        var failures = new ConcurrentBag<string>();
        var passedOn = new ConcurrentBag<(int RoomMs, double Ms)>();
        Parallel.For(0, runs.Length, i =>
        {
            var (agent, loss, delay) = runs[i];
            var pcm = DuplexLine.At(0.2, DuplexLine.Voice(agent), AgentDbov, 6)[..(6 * DuplexLine.Second)];
            var (detector, found) = (new DuplexVoiceDetector(), int.MaxValue);
            var line = new DuplexLine { Detector = detector, Observe = now => found = detector.Echo.Found ? Math.Min(found, now) : found }
                .Run(pcm, new EchoPath(loss, delay, RoomsMs[i % 3]), new short[pcm.Length], aLaw: i % 2 == 0);
            var loud = line.PassedOn.Chunk(80).Select(static (block, at) => (Dbov: Signal.LevelDbov(block), EndMs: 10 * (at + 1))).Where(static b => b.Dbov > -50).ToArray();
            passedOn.Add((RoomsMs[i % 3], 10.0 * loud.Length));
            if (line.OnsetsMs.Count + line.SpeechMs.Count > 0 || loud.Any(b => b.EndMs > found))
                failures.Add($"{runs[i]} room {RoomsMs[i % 3]}, found at {found}: onsets at {string.Join(' ', line.OnsetsMs)}, speech at {string.Join(' ', line.SpeechMs)}, passed on until {loud.Max(static b => b.EndMs)}");
        });
        foreach (var room in passedOn.GroupBy(static r => r.RoomMs).OrderBy(static g => g.Key))
            output.WriteLine($"room of {room.Key} ms: echo above -50 dBov passed on for {Times(room.Select(static r => r.Ms))}");
        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        Assert.InRange(passedOn.Where(static r => r.RoomMs == 0).Max(static r => r.Ms), 10, 160);
        Assert.InRange(passedOn.Max(static r => r.Ms), 10, 800);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reset_WhileAnEchoIsFollowedOrSought_GivesBackWhatWasRented(bool echo)
    {
        var detector = new DuplexVoiceDetector();
        var agent = DuplexLine.At(0.2, DuplexLine.Voice("agent-m"), AgentDbov, 3)[..(3 * DuplexLine.Second)];
        var caller = DuplexLine.At(0.2, DuplexLine.Voice("caller-f"), AgentDbov, 3)[..(3 * DuplexLine.Second)];
        var busy = false;
        new DuplexLine
        {
            Detector = detector,
            Observe = _ =>
            {
                if (busy || detector.Echo.IsBare || detector.Echo.Found != echo) return;
                busy = true;
                detector.Reset();
                Assert.True(detector.Echo.IsBare);
                Assert.False(detector.Echo.Found);
                detector.Reset();
            },
        }.Run(agent, echo ? new EchoPath(20, 61.3, 0) : null, echo ? new short[agent.Length] : caller);
        Assert.True(busy);
    }

    /// <summary>Double talk: from the first sound of the caller's, which may be quieter than the loud syllables of the echo.</summary>
    [Fact]
    public void CallerSpeaksOverEcho_IsHeardInTimeAndLittleDamaged()
    {
        const int Runs = 96;
        var results = new ConcurrentBag<(double LevelDbov, double OnsetMs, double SpeechMs, double Like, double LikeBefore)>();
        Parallel.For(0, Runs, i =>
        {
            var random = new Random(i);
            var level = (i % 3) switch { 0 => -15.0, 1 => -22, _ => -30 };
            var agent = DuplexLine.At(0.2, DuplexLine.Voice(Pick(Agents)), AgentDbov, 7)[..(7 * DuplexLine.Second)];
            var path = new EchoPath(Pick(ReturnLossesDb), Pick(DelaysMs), Pick(RoomsMs), seed: i);
            var voice = DuplexLine.Voice(Pick(Callers));
            var start = 2.5 + random.NextDouble();
            var caller = DuplexLine.At(start, voice, level, 7)[..(7 * DuplexLine.Second)];
            var line = new DuplexLine().Run(agent, path, caller);

            var began = start * 1000 + DuplexLine.OnsetSample(voice) / 8.0;
            var speech = FirstAfter(line.SpeechMs, began);
            var words = (int)(start * DuplexLine.Second)..((int)(start * DuplexLine.Second) + voice.Length);
            results.Add((level, Math.Min(speech, FirstAfter(line.OnsetsMs, began)), speech, Likeness(line.PassedOn[words], caller[words]), Likeness(line.Heard[words], caller[words])));

            T Pick<T>(T[] of) => of[random.Next(of.Length)];
        });
        foreach (var group in results.GroupBy(static r => r.LevelDbov).OrderByDescending(static g => g.Key))
            output.WriteLine($"caller at {group.Key} dBov: onset {Times(group.Select(static r => r.OnsetMs))}; speech {Times(group.Select(static r => r.SpeechMs))}; " +
                $"caller to everything else: came in {SignalToRestDb(group.Average(static r => r.LikeBefore)):F1} dB, passed on {SignalToRestDb(group.Average(static r => r.Like)):F1} dB");
        var inTime = results.Count(static r => r.OnsetMs <= 200 && r.SpeechMs <= 300);
        output.WriteLine($"in time: {inTime} of {Runs}");
        Assert.InRange(inTime, Runs * 95 / 100, Runs);
        Assert.InRange(results.Where(static r => r.LevelDbov > -25).Min(static r => r.Like), 0.95, 1);
        Assert.InRange(results.Average(static r => r.Like), results.Average(static r => r.LikeBefore) - 0.02, 1);
    }

    [Fact]
    public void ShortAnswers_OnAQuietAndOnANoisyLine_AreSpeech()
    {
        var delays = new List<double>();
        foreach (var word in new[] { "yes", "no" })
            foreach (var voice in "mfder")
                foreach (var (level, noise) in new[] { (-30.0, -65.0), (-30, -55), (-20, -50) })
                {
                    var clip = DuplexLine.Voice($"{word}-{voice}");
                    for (var phase = 0; phase < 160; phase += 40)
                    {
                        var caller = Signal.Concat(new short[DuplexLine.Second + phase], Signal.AtSpeechLevel(clip, level), new short[DuplexLine.Second]);
                        var line = new DuplexLine().Run(new short[caller.Length], null, caller, noise);
                        Assert.True(line.SpeechMs.Count == 1, $"{word}-{voice} at {level} in {noise}: {line.SpeechMs.Count} times");
                        delays.Add(line.OnsetsMs.First(static t => t > 1000) - 1000 - (phase + DuplexLine.OnsetSample(clip)) / 8.0);
                    }
                }
        output.WriteLine($"first sound of a short answer -> onset, with the packet that carries it: {Times(delays)} ({delays.Count} answers)");
        delays.Sort();
        Assert.InRange(delays[(int)(delays.Count * 0.95)], 0, 40);
    }

    /// <summary>Both speak, from the first moment on or later, as loud as each other or not: nothing of it is an echo.</summary>
    [Fact]
    public void NoEcho_BothSpeak_NothingIsFoundAndNothingIsChanged()
    {
        var voices = (string[])[.. Callers, .. Agents];
        var runs = (from agent in Agents from caller in voices where caller != agent from offsetMs in new[] { 0, 13, 110, 310, 830 }
                    from levelDbov in new[] { -15.0, -24, -34 } select (agent, caller, offsetMs, levelDbov)).ToArray();
        AssertUntouched(runs, static run => Repeated(run.agent, 0, AgentDbov), static run => Repeated(run.caller, run.offsetMs, run.levelDbov));
    }

    /// <summary>Two agents on one line say the same words, of the same recording even: as loud as it was sent nothing comes back.</summary>
    [Fact]
    public void NoEcho_BothSaySameWords_NothingIsFoundAndNothingIsChanged()
    {
        var runs = (from agent in Agents from offsetMs in new[] { 0, 13, 60, 110, 205, 310, 500 } from levelDbov in new[] { -15.0, -20, -26 } select (agent, offsetMs, levelDbov)).ToArray();
        AssertUntouched(runs, static run => Repeated(run.agent, 0, AgentDbov), static run => Repeated(run.agent, run.offsetMs, run.levelDbov));
    }

    /// <summary>The greeting's very first words: nothing is known about the line yet.</summary>
    [Fact]
    public void CallerAnswersIntoTheGreeting_NoEcho_IsHeardAndPassedOn()
    {
        foreach (var agent in Agents)
        {
            var greeting = DuplexLine.At(0.2, DuplexLine.Voice(agent), AgentDbov, 4)[..(4 * DuplexLine.Second)];
            var caller = DuplexLine.At(0.4, DuplexLine.Voice("caller-f"), -26, 4)[..(4 * DuplexLine.Second)];
            var line = new DuplexLine().Run(greeting, null, caller);
            Assert.InRange(line.SpeechMs.First(), 400, 520);
            Assert.InRange(Likeness(line.PassedOn, caller), 0.98, 1);
        }
    }

    [Fact]
    public void EchoChangesItsPath_IsNoSpeech()
    {
        foreach (var agent in Agents)
        {
            var pcm = DuplexLine.At(0.2, DuplexLine.Voice(agent), AgentDbov, 8)[..(8 * DuplexLine.Second)];
            var line = new DuplexLine().RunPaths(pcm, new EchoPath(15, 80, 100), new EchoPath(15, 140, 100, seed: 3), new short[pcm.Length]);
            Assert.Empty(line.SpeechMs);
        }
    }

    /// <summary>Short answers, one a second, from the agent's first words on: the pauses between them tell that there is no echo.</summary>
    [Fact]
    public void CallerAnswersAgainAndAgain_NoEcho_IsSoonHeardAtOnce()
    {
        var yes = Signal.AtSpeechLevel(DuplexLine.Voice("yes-d"), -24);
        var caller = Signal.Concat([.. Enumerable.Repeat(Signal.Concat(new short[DuplexLine.Second * 3 / 4], yes), 6)]);
        var agent = DuplexLine.At(0, DuplexLine.Voice("agent-m"), -13, 8)[..caller.Length];
        var line = new DuplexLine().Run(agent, null, caller, noiseDbov: -70);
        var period = (DuplexLine.Second * 3 / 4 + yes.Length) / 8;
        for (var word = 2; word < 6; word++)
            Assert.InRange(line.OnsetsMs.First(t => t > word * period + 750) - word * period - 750 - DuplexLine.OnsetSample(yes) / 8, 0, 40);
    }

    /// <summary>A tone resembles itself at every delay, and a voice at some: that is no echo.</summary>
    [Fact]
    public void AgentPlaysATone_CallersAreNotTakenForItsEcho()
    {
        var onsets = new List<double>();
        foreach (var word in new[] { "yes-m", "no-f", "yes-d", "no-e", "yes-r" })
        {
            var detector = new DuplexVoiceDetector();
            for (var i = 0; i < 4; i++)
            {
                var clip = Signal.AtSpeechLevel(DuplexLine.Voice(word), -24);
                var caller = Signal.Concat(new short[2 * DuplexLine.Second + 40 * i], clip, new short[DuplexLine.Second / 2]);
                var line = new DuplexLine { Detector = detector }.Run(Signal.Sine(400, -13, 8000, caller.Length), null, caller, noiseDbov: -200);
                Assert.False(detector.Echo.Found);
                onsets.Add(line.OnsetsMs.First() - 2000 - (40 * i + DuplexLine.OnsetSample(clip)) / 8.0);
            }
        }
        Assert.InRange(onsets.Max(), 0, 45);
    }

    [Fact]
    public void SuppressionOff_PassesEverythingOnAsItCame()
    {
        var pcm = DuplexLine.At(0.2, DuplexLine.Voice("agent-m"), AgentDbov, 3)[..(3 * DuplexLine.Second)];
        var line = new DuplexLine { Detector = new DuplexVoiceDetector(suppressEcho: false) }.Run(pcm, new EchoPath(15, 80), new short[pcm.Length]);
        Assert.Equal(line.Heard, line.PassedOn);
        Assert.Empty(line.SpeechMs);
    }

    [Fact]
    public void Found_Echo_TellsItsDelayAndLoss()
    {
        var pcm = DuplexLine.At(0.2, DuplexLine.Voice("agent-m"), AgentDbov, 6)[..(6 * DuplexLine.Second)];
        var line = new DuplexLine().Run(pcm, new EchoPath(20, 100), new short[pcm.Length]);
        Assert.True(line.Detector.Echo.Found);
        Assert.Equal(0, line.Detector.HighBandGain);
        Assert.Equal(1, HighBandGainAfterSilence(line.Detector));
        Assert.InRange(line.Detector.Echo.DelayMs, 90, 125);
        Assert.InRange(line.Detector.Echo.ReturnLossDb, 16, 24);
        Assert.InRange(line.Detector.Echo.EnhancementDb, 3, 30);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(240)]
    [InlineData(65)]
    [InlineData(480)]
    public void Process_OtherPacketTimes_EchoIsStillNoSpeech(int chunk)
    {
        var sent = DuplexLine.At(0.2, DuplexLine.Voice("agent-f"), AgentDbov, 5)[..(5 * DuplexLine.Second)];
        var echo = new EchoPath(15, 80).Of(sent).Select(static s => (short)s).ToArray();
        var detector = new DuplexVoiceDetector();
        var (at, left, speech) = (0, 0, 0);
        for (; at + 480 < echo.Length; at += chunk)
        {
            for (; left <= at; left += 160) detector.Sent(sent.AsSpan(left, 160));
            if (detector.Process(echo.AsSpan(at, chunk)) == VoiceActivity.SpeechStarted) speech++;
        }
        Assert.Equal(0, speech);
    }

    [Fact]
    public void Process_EchoOnTheLine_AllocatesNothingAndCostsLittle()
    {
        var sent = Signal.AtSpeechLevel(DuplexLine.Voice("agent-f"), AgentDbov)[..(5 * DuplexLine.Second)];
        var heard = new EchoPath(15, 100).Of(sent).Select(static s => (short)s).ToArray();
        var detector = new DuplexVoiceDetector();
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(Second));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++) Second();
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalMicroseconds / 20 / 50:F1} us for a 20 ms frame, canceller at work: {detector.Echo.Found}");

        void Second()
        {
            for (var at = 0; at < DuplexLine.Second; at += 160)
            {
                detector.Sent(sent.AsSpan(at + 8000, 160));
                heard.AsSpan(at + 8000, 160).CopyTo(frame);
                detector.Process(frame);
            }
        }
    }

    /// <summary>Both speak, and nothing is proven: the whole band is searched.</summary>
    [Fact]
    public void Process_BothSpeakWithoutEcho_AllocatesNothing()
    {
        var sent = Repeated("agent-f", 0, AgentDbov);
        var heard = Repeated("caller-m", 110, -24);
        var detector = new DuplexVoiceDetector();
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var at = 0; at + 160 <= sent.Length; at += 160)
            {
                detector.Sent(sent.AsSpan(at, 160));
                heard.AsSpan(at, 160).CopyTo(frame);
                detector.Process(frame);
            }
        }));
        Assert.False(detector.Echo.Found);
    }

    private static void AssertUntouched<T>(T[] runs, Func<T, short[]> agent, Func<T, short[]> caller)
    {
        var failures = new ConcurrentBag<string>();
        Parallel.For(0, runs.Length, i =>
        {
            var (detector, found) = (new DuplexVoiceDetector(), 0);
            var line = new DuplexLine { Detector = detector, Observe = now => found = found == 0 && detector.Echo.Found ? now : found }
                .Run(agent(runs[i]), null, caller(runs[i]), noiseDbov: i % 2 == 0 ? -200 : -60, aLaw: i % 3 == 0);
            var changed = line.Heard.Zip(line.PassedOn).Count(static s => s.First != s.Second);
            if (found > 0 || changed > 0)
                failures.Add($"{runs[i]}: found at {found} ms, delay {detector.Echo.DelayMs} ms, {changed} samples are others");
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {runs.Length}\n" + string.Join('\n', failures));
    }

    /// <summary>3.6 s: the words, again and again, half a second apart.</summary>
    private static short[] Repeated(string voice, int offsetMs, double levelDbov)
    {
        var words = Signal.AtSpeechLevel(DuplexLine.Voice(voice), levelDbov);
        var pcm = new short[36 * DuplexLine.Second / 10];
        for (var at = offsetMs * 8; at < pcm.Length; at += words.Length + DuplexLine.Second / 2)
            words.AsSpan(0, Math.Min(words.Length, pcm.Length - at)).CopyTo(pcm.AsSpan(at));
        return pcm;
    }

    private static double FirstAfter(List<int> times, double began) => times.Where(t => t > began).Select(t => t - began).DefaultIfEmpty(double.PositiveInfinity).First();

    private static string Times(IEnumerable<double> times)
    {
        var sorted = times.Order().ToArray();
        return $"p50 {sorted[sorted.Length / 2]:F0} ms, p95 {sorted[(int)(sorted.Length * 0.95)]:F0} ms, most {sorted[^1]:F0} ms";
    }

    // Correlation: 1 when one is the other, up to its level.
    private static double Likeness(short[] a, short[] b)
    {
        var (ab, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        return ab / Math.Sqrt(aa * bb + 1);
    }

    private static double SignalToRestDb(double likeness) => 10 * Math.Log10(likeness * likeness / (1 - likeness * likeness));

    // Nothing is sent that could come back: what lies above the telephone band is let through again.
    private static float HighBandGainAfterSilence(DuplexVoiceDetector detector)
    {
        for (var i = 0; i < 50; i++)
        {
            detector.Sent(new short[160]);
            detector.Process(new short[160]);
        }
        return detector.HighBandGain;
    }
}
