namespace VoiceGateway.Codecs.Tests;

/// <summary>What a wideband codec is given to chew, a minute each at 16 kHz.</summary>
internal static class WidebandSignals
{
    private const int RateHz = 16000;
    private const int Minute = 60 * RateHz;

    public static TheoryData<string> Names => ["speech", "quiet speech", "noise", "loud noise", "sweep", "full-scale sweep", "square", "extremes", "silence", "one bit", "DTMF", "clicks"];

    public static short[] Of(string name) => name switch
    {
        "speech" => Repeated(Speech()),
        "quiet speech" => Repeated([.. Speech().Select(s => (short)(s >> 6))]),
        "noise" => Signal.WhiteNoise(-20, Minute, seed: 7),
        "loud noise" => Signal.WhiteNoise(-3, Minute, seed: 8),
        "sweep" => Sweep(12000),
        "full-scale sweep" => Sweep(32767),
        "square" => [.. Sweep(32767).Select(s => s >= 0 ? short.MaxValue : short.MinValue)],
        "extremes" => Extremes(),
        "silence" => new short[Minute],
        "one bit" => [.. Signal.WhiteNoise(-60, Minute, seed: 9).Select(s => (short)Math.Sign((int)s))],
        "DTMF" => Repeated(Keys()),
        "clicks" => [.. Enumerable.Range(0, Minute).Select(i => i % 1601 == 0 ? short.MinValue : i % 2003 == 0 ? short.MaxValue : (short)0)],
        _ => throw new ArgumentException(name),
    };

    /// <summary>With sounds up to 8 kHz: one of the simulator's voices, which are recorded at 24.</summary>
    public static short[] Speech()
    {
        var wav = WavReader.Read(TestData.PathOf("..", "..", "src", "LiveSimulator", "Voice", "story.wav"));
        var resampler = Resampler.Create(wav.SampleRateHz, RateHz);
        var pcm = new short[resampler.MaxOutputSamples(wav.Samples.Length)];
        return pcm[..(resampler.Process(wav.Samples, pcm) & ~1)];
    }

    // From 20 Hz to 8 kHz, an octave in as long as any other.
    private static short[] Sweep(double amplitude)
    {
        var (pcm, phase) = (new short[Minute], 0.0);
        for (var i = 0; i < Minute; i++)
        {
            pcm[i] = (short)Math.Round(amplitude * Math.Sin(phase));
            phase += 2 * Math.PI * 20 * Math.Pow(400, (double)i / Minute) / RateHz;
        }
        return pcm;
    }

    // Nothing is louder: both ends of the range in random turns, at random for whole stretches.
    private static short[] Extremes()
    {
        var random = new Random(10);
        var pcm = new short[Minute];
        for (var i = 0; i < Minute;)
        {
            var value = random.Next(2) == 0 ? short.MinValue : short.MaxValue;
            for (var rest = random.Next(1, i / RateHz % 2 == 0 ? 3 : 40); rest > 0 && i < Minute; rest--) pcm[i++] = value;
        }
        return pcm;
    }

    private static short[] Keys()
    {
        int[] rows = [697, 770, 852, 941];
        int[] columns = [1209, 1336, 1477, 1633];
        var keys = from row in rows
                   from column in columns
                   from part in new[] { Signal.Add(Signal.Sine(row, -12, RateHz, 1600), Signal.Sine(column, -10, RateHz, 1600)), new short[800] }
                   select part;
        return Signal.Concat([.. keys]);
    }

    private static short[] Repeated(short[] pcm) => [.. Enumerable.Range(0, Minute).Select(i => pcm[i % pcm.Length])];
}
