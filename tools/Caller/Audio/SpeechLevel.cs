namespace VoiceGateway.Caller;

/// <summary>Levels of 16-bit PCM in dBov: 0 is the power of a full-scale square wave (RFC 6464, section 3).</summary>
internal static class SpeechLevel
{
    /// <summary>Below this a frame counts as silence; comfort noise is usually at -55 to -70 dBov.</summary>
    public const double SilenceDbov = -50;

    public static readonly double SilenceMeanSquare = MeanSquareAt(SilenceDbov);

    public static double MeanSquareAt(double dbov) => 32768.0 * 32768.0 * Math.Pow(10, dbov / 10);

    public static double MeanSquare(ReadOnlySpan<short> pcm)
    {
        if (pcm.IsEmpty) return 0;
        long sum = 0;
        foreach (var sample in pcm) sum += sample * sample;
        return (double)sum / pcm.Length;
    }
}
