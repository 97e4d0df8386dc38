using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

/// <summary>
/// Receivers set their playout anew with a talk spurt (RFC 3551 section 4.1): from one reply to the next the echo comes back sooner or later, by the
/// network's jitter, and by up to 17.5 ms where a reply does not wait for its turn on the clock (<c>Media:StartRepliesAtOnce</c>).
/// </summary>
public class MovingEchoTests(ITestOutputHelper output)
{
    private const int Replies = 6;
    private const int Period = 4 * DuplexLine.Second;
    private const int FirstReply = DuplexLine.Second / 4;

    // As the clock's slots lie, 2.5 ms apart; half a slot is not worth running ahead.
    private static readonly int[] AheadOfTheClock = [0, 40, 60, 80, 100, 120, 140];
    private static readonly int[] Jitter = [-8, -5, -2, 0, 1, 4, 7];

    [Theory]
    [InlineData(true, 18)]
    [InlineData(false, 20)]
    public void EchoAlone_OfAReplyThatComesAtAnotherMoment_IsSeldomSpeech_AndKeptBack(bool aheadOfTheClock, double leastKeptBackDb)
    {
        var lines = Run(aheadOfTheClock ? AheadOfTheClock : Jitter, callerDbov: null);
        var speech = lines.Sum(static line => line.SpeechMs.Count(AfterTheFirstReply));
        var keptBackDb = lines.Average(static line => Energy(line.Heard) - Energy(line.PassedOn));
        output.WriteLine($"taken for a caller: {speech} of {lines.Count * (Replies - 1)} replies; kept back {keptBackDb:F1} dB, least {lines.Min(static line => Energy(line.Heard) - Energy(line.PassedOn)):F1} dB");
        Assert.InRange(speech, 0, lines.Count * (Replies - 1) / 20);
        Assert.InRange(keptBackDb, leastKeptBackDb, 40);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CallerSpeaksIntoAReplyThatComesAtAnotherMoment_IsHeardInTime(bool aheadOfTheClock)
    {
        var delays = Run(aheadOfTheClock ? AheadOfTheClock : Jitter, callerDbov: -24).SelectMany(static line => line.CallersMs.Select(began =>
            line.SpeechMs.Where(t => t > began).DefaultIfEmpty(int.MaxValue).First() - began)).Order().ToArray();
        var inTime = delays.Count(static delay => delay <= 300);
        output.WriteLine($"speech p50 {delays[delays.Length / 2]} ms, p90 {delays[delays.Length * 9 / 10]} ms; in time {inTime} of {delays.Length}");
        Assert.InRange(inTime, delays.Length * 9 / 10, delays.Length);
    }

    private static ConcurrentBag<Line> Run(int[] shifts, double? callerDbov)
    {
        var runs = (from agent in new[] { "agent-f", "agent-m", "agent-d" } from lossDb in new[] { 15.0, 20, 25 } from roomMs in new[] { 0, 100 } select (agent, lossDb, roomMs)).ToArray();
        var lines = new ConcurrentBag<Line>();
        Parallel.For(0, runs.Length, i =>
        {
            var random = new Random(i);
            var words = Signal.AtSpeechLevel(DuplexLine.Voice(runs[i].agent), -20)[..(7 * Period / 10)];
            // By samples, as the gateway counts; and as the receiver's loudspeaker has it.
            var (sent, sounded, caller) = (new short[Replies * Period], new short[Replies * Period], new short[Replies * Period]);
            var callersMs = new List<int>();
            for (var reply = 0; reply < Replies; reply++)
            {
                var at = FirstReply + reply * Period;
                words.CopyTo(sent, at);
                words.CopyTo(sounded, at - (reply == 0 ? 0 : shifts[random.Next(shifts.Length)]));
                if (reply == 0 || callerDbov is not { } level) continue;
                var voice = Signal.AtSpeechLevel(DuplexLine.Voice(reply % 2 == 0 ? "caller-m" : "caller-f"), level);
                var spoken = at + 960 + random.Next(-2400, 2400);
                voice.CopyTo(caller, spoken);
                callersMs.Add((spoken + DuplexLine.OnsetSample(voice)) / 8);
            }
            var line = new DuplexLine().Run(sent, new EchoPath(runs[i].lossDb, 120, runs[i].roomMs, seed: i), caller, sounded: sounded);
            lines.Add(new Line(line.SpeechMs, callersMs, line.Heard, line.PassedOn));
        });
        return lines;
    }

    private static bool AfterTheFirstReply(int ms) => ms > 1000 * Period / DuplexLine.Second;

    private static double Energy(short[] pcm) => 10 * Math.Log10(pcm[Period..].Sum(static s => (double)s * s));

    private sealed record Line(List<int> SpeechMs, List<int> CallersMs, short[] Heard, short[] PassedOn);
}
