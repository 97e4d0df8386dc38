namespace VoiceGateway.Codecs;

/// <summary>
/// Goes on with a signal for a few milliseconds as its resonances would ring: autocorrelation, Levinson-Durbin recursion, and the
/// predictor run on its own output.
/// </summary>
internal static class LinearPrediction
{
    public const int Order = 16;

    private const int MaxSamples = 320;

    // White noise 33 dB down, and resonances a little wider than they are: the ringing always dies out.
    private const float NoiseCorrection = 1.0005f;
    private const float Widening = 0.99f;

    /// <param name="samples">The past, 20 ms, at most 320 samples and more than <see cref="Order"/>.</param>
    /// <param name="next">What follows it.</param>
    public static void Extrapolate(ReadOnlySpan<float> samples, Span<float> next)
    {
        Span<float> predictor = stackalloc float[Order];
        Predictor(samples, predictor);
        for (var n = 0; n < next.Length; n++)
        {
            var sum = 0f;
            for (var i = 0; i < Order; i++)
            {
                var at = n - 1 - i;
                sum += predictor[i] * (at >= 0 ? next[at] : samples[samples.Length + at]);
            }
            next[n] = sum;
        }
    }

    // x[n] is about the sum of predictor[i] x[n - 1 - i].
    private static void Predictor(ReadOnlySpan<float> samples, Span<float> predictor)
    {
        Span<float> windowed = stackalloc float[MaxSamples];
        windowed = windowed[..samples.Length];
        Window(samples, windowed);

        Span<float> correlation = stackalloc float[Order + 1];
        for (var lag = 0; lag <= Order; lag++) correlation[lag] = VectorMath.Dot(windowed[lag..], windowed[..^lag]);
        var error = correlation[0] * NoiseCorrection + 1;

        predictor.Clear();
        Span<float> previous = stackalloc float[Order];
        for (var i = 0; i < Order; i++)
        {
            var sum = correlation[i + 1];
            for (var j = 0; j < i; j++) sum -= predictor[j] * correlation[i - j];
            var reflection = sum / error;
            predictor[..i].CopyTo(previous);
            for (var j = 0; j < i; j++) predictor[j] -= reflection * previous[i - 1 - j];
            predictor[i] = reflection;
            error *= 1 - reflection * reflection;
        }

        var factor = 1f;
        foreach (ref var coefficient in predictor) coefficient *= factor *= Widening;
    }

    // Three quarters up, one quarter down: what came last counts most.
    private static void Window(ReadOnlySpan<float> samples, Span<float> windowed)
    {
        var rise = samples.Length * 3 / 4;
        for (var i = 0; i < samples.Length; i++)
        {
            var angle = i < rise ? MathF.PI / 2 * (i + 0.5f) / rise : MathF.PI / 2 * (1 + (i - rise + 0.5f) / (samples.Length - rise));
            windowed[i] = samples[i] * MathF.Sin(angle);
        }
    }
}
