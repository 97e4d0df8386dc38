namespace VoiceGateway.Codecs;

/// <summary>The level of a single frequency in a block of samples: one bin of a Fourier transform, at any frequency.</summary>
public static class Goertzel
{
    /// <summary>
    /// Level in dBov: 0 dBov is the power of a full-scale square wave, a full-scale sine has -3 dBov (RFC 6464, section 3).
    /// The bin is about 1/duration wide: 20 ms tell tones 50 Hz apart. Empty or silent blocks give <see cref="double.NegativeInfinity"/>.
    /// </summary>
    public static double LevelDbov(ReadOnlySpan<short> block, double frequencyHz, int sampleRateHz) =>
        10 * Math.Log10(Power(block, frequencyHz, sampleRateHz));

    /// <summary>The same as a fraction of full-scale power, 0 to 1.</summary>
    public static double Power(ReadOnlySpan<short> block, double frequencyHz, int sampleRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequencyHz);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequencyHz, sampleRateHz / 2.0);
        if (block.IsEmpty)
            return 0;

        var coefficient = 2 * Math.Cos(2 * Math.PI * frequencyHz / sampleRateHz);
        var (previous, beforeThat) = (0.0, 0.0);
        foreach (var sample in block)
            (previous, beforeThat) = (sample + coefficient * previous - beforeThat, previous);

        // |X|^2; a sine of amplitude A gives (A * N / 2)^2 and has the power A^2 / 2.
        var magnitudeSquared = previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat;
        return Math.Max(0, 2 * magnitudeSquared / ((double)block.Length * block.Length) / (32768.0 * 32768.0));
    }
}
