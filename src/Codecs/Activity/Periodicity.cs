namespace VoiceGateway.Codecs;

/// <summary>
/// How periodic the last 32 ms were: the largest normalised correlation with what came one pitch period (66 to 400 Hz) earlier.
/// Vowels come near 1, noise stays near 0; the level plays no part. A higher pitch is seen at two or three periods.
/// </summary>
internal sealed class Periodicity
{
    // At 4 kHz: a pitch needs no more, and the search costs a quarter of what it does at 8 kHz.
    private const int RateHz = 4000;
    private const int Window = 128; // whole vectors of any width
    private const int ShortestLag = 10;
    private const int LongestLag = 60;
    private const int Length = Window + LongestLag;

    // All lags at once, in whole vectors of any width: those beyond the shortest are not looked at.
    private const int Sums = 64;

    // Flattens the spectrum, so that noise which is all low frequencies (cars, fans) does not look like a pitch.
    private const float Whitening = 0.6f;

    private readonly float[] _recent = new float[Sums + Window];
    private readonly int _decimation;
    private float _previous;

    public Periodicity(int sampleRateHz) => _decimation = sampleRateHz / RateHz;

    /// <summary>Takes in one frame; its length is a multiple of the decimation.</summary>
    public void Append(ReadOnlySpan<float> frame)
    {
        var count = frame.Length / _decimation;
        Array.Copy(_recent, count, _recent, 0, Length - count);
        var recent = _recent.AsSpan(Length - count, count);
        var previous = _previous;
        if (_decimation == 2)
        {
            for (var i = 0; i < recent.Length; i++)
            {
                var mean = (frame[2 * i] + frame[2 * i + 1]) * 0.5f;
                recent[i] = mean - Whitening * previous;
                previous = mean;
            }
        }
        else
        {
            var scale = 1f / _decimation;
            for (var i = 0; i < recent.Length; i++)
            {
                var sum = 0f;
                for (var k = 0; k < _decimation; k++)
                    sum += frame[i * _decimation + k];
                recent[i] = sum * scale - Whitening * previous;
                previous = sum * scale;
            }
        }
        _previous = previous;
    }

    public float Measure()
    {
        // The longest lag first: entry k + n is sample n of the window, LongestLag - k earlier.
        Span<float> products = stackalloc float[Sums];
        products.Clear();
        VectorMath.Correlate(products, 0, _recent.AsSpan(LongestLag, Window), _recent);

        // Doubles, since a sum that slides must come back to nothing.
        var energyNow = VectorMath.Dot(_recent.AsSpan(LongestLag, Window), _recent.AsSpan(LongestLag, Window));
        var energy = (double)VectorMath.Dot(_recent.AsSpan(0, Window), _recent.AsSpan(0, Window));
        var best = 0f;
        for (var k = 0; k <= LongestLag - ShortestLag; k++)
        {
            var product = products[k];
            if (product > 0)
                best = Math.Max(best, product * product / (energyNow * (float)Math.Max(energy, 0) + 1e-20f));
            energy += (double)_recent[k + Window] * _recent[k + Window] - (double)_recent[k] * _recent[k];
        }
        return MathF.Sqrt(best);
    }

    public void Reset()
    {
        Array.Clear(_recent);
        _previous = 0;
    }
}
