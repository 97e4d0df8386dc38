namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>The same polyphase FIR written plainly: one multiplication after the other over a shift register. As many taps; their values cost nothing.</summary>
internal sealed class ScalarResampler
{
    private readonly int _interpolation;
    private readonly int _decimation;
    private readonly float[][] _phases;
    private readonly float[] _samples;
    private readonly int _history;

    public ScalarResampler(int interpolation, int decimation, int taps, int maxInput)
    {
        _interpolation = interpolation;
        _decimation = decimation;
        _history = (taps + interpolation - 1) / interpolation - 1;
        _samples = new float[_history + maxInput];
        _phases = new float[interpolation][];
        for (var p = 0; p < interpolation; p++)
        {
            _phases[p] = new float[_history + 1];
            Array.Fill(_phases[p], 1f / (_history + 1));
        }
    }

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        for (var i = 0; i < input.Length; i++)
            _samples[_history + i] = input[i];
        var count = input.Length * _interpolation / _decimation;
        for (var o = 0; o < count; o++)
        {
            var position = o * _decimation + _decimation - 1;
            var taps = _phases[position % _interpolation];
            var at = position / _interpolation;
            var sum = 0f;
            for (var t = 0; t < taps.Length; t++)
                sum += taps[t] * _samples[at + t];
            output[o] = (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
        }
        Array.Copy(_samples, input.Length, _samples, 0, _history);
        return count;
    }
}
