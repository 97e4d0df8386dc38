namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>What a resampler does to sound, measured at its output; frames of 20 ms, a new converter for each tone.</summary>
/// <param name="DelayMs">From an impulse to the middle of what it becomes; with what is held back for a larger block.</param>
/// <param name="RippleDb">The most that a tone from 50 Hz to the band's edge is louder or weaker.</param>
/// <param name="RejectionDb">The least by which an image or an alias in the band is weaker than the tone it comes from.</param>
/// <param name="SignalToNoiseDb">A tone of 1 kHz at -6 dBov against all else that comes out.</param>
internal sealed record ConverterQuality(double DelayMs, double RippleDb, double RejectionDb, double SignalToNoiseDb)
{
    private const double LevelDbov = -4;

    public static ConverterQuality Measure(Func<IRateConverter> create, int fromHz, int toHz)
    {
        var edge = Math.Min(fromHz, toHz) / 2 - 600;
        var (ripple, rejection) = (0.0, double.MaxValue);
        for (var frequency = 50; frequency <= edge; frequency += 67)
            ripple = Math.Max(ripple, Math.Abs(LevelDb(create, fromHz, toHz, frequency, frequency)));
        ripple = Math.Max(ripple, Math.Abs(LevelDb(create, fromHz, toHz, edge, edge)));

        // Down: what lies beyond the band folds back into it. Up: what is in the band is mirrored at the input's rate.
        if (toHz < fromHz)
        {
            for (var frequency = toHz / 2 + 600; frequency < fromHz / 2; frequency += 41)
                if (Math.Abs(frequency - (int)Math.Round((double)frequency / toHz) * toHz) is var alias and > 20 && alias <= edge)
                    rejection = Math.Min(rejection, -LevelDb(create, fromHz, toHz, frequency, alias));
        }
        else
        {
            for (var frequency = 20; frequency <= edge; frequency += 41)
                rejection = Math.Min(rejection, -LevelDb(create, fromHz, toHz, frequency, fromHz - frequency));
        }
        var tone = Run(create, fromHz, Tone(1000, -6, fromHz));
        return new ConverterQuality(Delay(create, fromHz, toHz), ripple, rejection, ToneAnalysis.SignalToRestDb(Middle(tone, toHz), 1000, toHz));
    }

    private static double LevelDb(Func<IRateConverter> create, int fromHz, int toHz, int frequencyIn, int frequencyOut) =>
        ToneAnalysis.LevelDbov(Middle(Run(create, fromHz, Tone(frequencyIn, LevelDbov, fromHz)), toHz), frequencyOut, toHz) - LevelDbov;

    // The energy's centre: a linear-phase response is symmetric about it.
    private static double Delay(Func<IRateConverter> create, int fromHz, int toHz)
    {
        var impulse = new short[fromHz];
        var at = fromHz / 4;
        impulse[at] = 30_000;
        var converter = create();
        var output = new short[toHz];
        var (energy, moment) = (0.0, 0.0);
        // When a sample comes out of a call, the input up to the end of that call has arrived.
        var (given, late) = (0L, 0.0);
        for (var taken = 0; taken < impulse.Length; taken += fromHz / 50)
        {
            var count = converter.Process(impulse.AsSpan(taken, fromHz / 50), output);
            for (var i = 0; i < count; i++)
            {
                var power = (double)output[i] * output[i];
                energy += power;
                moment += power * (given + i) / toHz;
            }
            given += count;
            late = Math.Max(late, (taken + fromHz / 50.0) / fromHz - (double)given / toHz);
        }
        (converter as IDisposable)?.Dispose();
        return 1000 * (moment / energy - (double)at / fromHz + late);
    }

    private static short[] Run(Func<IRateConverter> create, int fromHz, short[] input)
    {
        var converter = create();
        var (result, output) = (new List<short>(), new short[4800]);
        for (var at = 0; at + fromHz / 50 <= input.Length; at += fromHz / 50)
            result.AddRange(output.AsSpan(0, converter.Process(input.AsSpan(at, fromHz / 50), output)));
        (converter as IDisposable)?.Dispose();
        return [.. result];
    }

    private static short[] Tone(double frequencyHz, double levelDbov, int rateHz)
    {
        var amplitude = 32768 * Math.Sqrt(2) * Math.Pow(10, levelDbov / 20);
        return [.. Enumerable.Range(0, rateHz).Select(i => (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / rateHz + 0.3)))];
    }

    // Half a second, once all filters are full.
    private static ReadOnlySpan<short> Middle(short[] pcm, int rateHz) => pcm.AsSpan(pcm.Length - rateHz * 6 / 10, rateHz / 2);
}
