using VoiceGateway.Caller;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>What a caller does: rounds of ordering, asking, listening to a long story and speaking over it.</summary>
internal static class SoakScript
{
    // So many ways of saying each line, from slow and deep to fast and high: which time it was said must be heard, not guessed.
    private const int Ways = 40;

    private static readonly SpeechClip[][] Lines = [.. CallerVoice.Lines.Select(static l => l.Read()).Select(static w => Enumerable.Range(0, Ways).Select(way => Said(w.Samples, w.SampleRateHz, way)).ToArray())];

    /// <param name="call">From 0; calls differ in the order of the ways and in the pauses.</param>
    /// <param name="rounds">More than there is time for.</param>
    public static CallerScript For(int call, int rounds)
    {
        var random = new Random(call);
        var ways = Lines.Select(_ => Order(random)).ToArray();
        var listen = new ListenStep { Optional = true, Timeout = TimeSpan.FromSeconds(12) };
        var steps = new List<CallerStep>();
        for (var round = 0; round < rounds; round++)
        {
            steps.AddRange([new SayStep(Line(0)), listen, new SayStep(Line(2)), listen, Pause(2), new SayStep(Line(3))]);
            steps.AddRange([new InterruptStep(TimeSpan.FromSeconds(1.5 + random.NextDouble() * 2), Line(1)) { Timeout = TimeSpan.FromSeconds(8) }, listen]);
            steps.AddRange([new SayStep(Line(2)), listen, Pause(3), new SayStep(Line(3)), listen]);
        }
        return new CallerScript(steps) { Prelude = [listen] };

        SpeechClip Line(int line)
        {
            var way = ways[line].Dequeue();
            ways[line].Enqueue(way);
            return Lines[line][way];
        }

        WaitStep Pause(double most) => new(TimeSpan.FromSeconds(random.NextDouble() * most));
    }

    private static Queue<int> Order(Random random)
    {
        var ways = Enumerable.Range(0, Ways).ToArray();
        random.Shuffle(ways);
        return new Queue<int>(ways);
    }

    private static SpeechClip Said(short[] pcm, int rateHz, int way)
    {
        var speed = 0.88 + 0.24 * way / (Ways - 1);
        var other = new short[(int)((pcm.Length - 1) / speed)];
        for (var i = 0; i < other.Length; i++)
        {
            var at = i * speed;
            var (whole, part) = ((int)at, at - (int)at);
            other[i] = (short)(pcm[whole] * (1 - part) + pcm[whole + 1] * part);
        }
        return SpeechClip.FromPcm(other, rateHz);
    }
}
