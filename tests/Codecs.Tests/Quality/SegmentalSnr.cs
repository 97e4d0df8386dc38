namespace VoiceGateway.Codecs.Tests;

/// <summary>
/// How much of a voice has come through, as the mean over 20 ms segments of signal to error in dB, each between -10 and 35 dB, pauses left out. Both
/// signals must be aligned.
/// </summary>
internal static class SegmentalSnr
{
    private const double Least = -10;
    private const double Most = 35;

    // Segments below this have no voice in them.
    private const double VoiceDbov = -50;

    /// <param name="clean">As it was sent.</param>
    /// <param name="heard">As it was received, at least as long.</param>
    /// <param name="sampleRateHz">Of both.</param>
    /// <param name="counts">Which segments count, by number; null for all with voice in them.</param>
    public static double Of(ReadOnlySpan<short> clean, ReadOnlySpan<short> heard, int sampleRateHz, Func<int, bool>? counts = null)
    {
        var length = sampleRateHz / 50;
        var (sum, segments) = (0.0, 0);
        for (var at = 0; at + length <= clean.Length; at += length)
        {
            var (signal, error) = (0.0, 0.0);
            for (var i = at; i < at + length; i++)
            {
                double difference = heard[i] - clean[i];
                signal += (double)clean[i] * clean[i];
                error += difference * difference;
            }
            if (10 * Math.Log10(signal / length / (32768.0 * 32768) + 1e-12) < VoiceDbov || counts?.Invoke(at / length) == false) continue;
            sum += error == 0 ? Most : Math.Clamp(10 * Math.Log10(signal / error), Least, Most);
            segments++;
        }
        return segments == 0 ? double.NaN : sum / segments;
    }
}
