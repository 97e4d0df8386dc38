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

    // Flattens the spectrum, so that noise which is all low frequencies (cars, fans) does not look like a pitch.
    private const float Whitening = 0.6f;

    private readonly float[] _recent = new float[Length];
    private readonly int _decimation;
    private float _previous;

    public Periodicity(int sampleRateHz) => _decimation = sampleRateHz / RateHz;

    /// <summary>Takes in one frame; its length is a multiple of the decimation.</summary>
    public void Append(ReadOnlySpan<float> frame)
    {
        var count = frame.Length / _decimation;
        Array.Copy(_recent, count, _recent, 0, Length - count);
        var scale = 1f / _decimation;
        for (var i = 0; i < count; i++)
        {
            var sum = 0f;
            for (var k = 0; k < _decimation; k++)
                sum += frame[i * _decimation + k];
            var mean = sum * scale;
            _recent[Length - count + i] = mean - Whitening * _previous;
            _previous = mean;
        }
    }

    public float Measure()
    {
        var now = _recent.AsSpan(Length - Window);
        var energyNow = VectorMath.Dot(now, now);
        var best = 0f;
        for (var lag = ShortestLag; lag <= LongestLag; lag++)
        {
            var earlier = _recent.AsSpan(Length - Window - lag, Window);
            var product = VectorMath.Dot(now, earlier);
            if (product > 0)
                best = Math.Max(best, product * product / (energyNow * VectorMath.Dot(earlier, earlier) + 1e-20f));
        }
        return MathF.Sqrt(best);
    }

    public void Reset()
    {
        Array.Clear(_recent);
        _previous = 0;
    }
}
