using VoiceGateway.Codecs;
using VoiceGateway.Codecs.Tests;

namespace VoiceGateway.Robustness;

/// <param name="SegmentalSnrDb">Of 20 ms each, in dB, from -10 to 35, which is what the same samples get.</param>
/// <param name="SpectralDistanceDb">How differently it sounds; 0 for the same.</param>
/// <param name="ShiftedMs">By how much the voice was moved within itself: what was filled in between, or left out.</param>
internal sealed record VoiceQuality(double SegmentalSnrDb, double SpectralDistanceDb, double ShiftedMs)
{
    private const int RateHz = 16000;

    /// <param name="sent">As a perfect line would have brought it, 16 kHz.</param>
    /// <param name="heard">What came, of any length and from anywhere, 16 kHz.</param>
    /// <param name="isWide">Above 4 kHz there is something to compare.</param>
    public static VoiceQuality Of(short[] sent, short[] heard, bool isWide)
    {
        var map = new TimeMap(sent, heard);
        var shifted = map.Delays.Zip(map.Delays.Skip(1)).Sum(static pair => Math.Abs(pair.Second - pair.First)) / (RateHz / 1000.0);
        var aligned = map.Align(heard);
        var distance = isWide ? SpectralDistance.Db(sent, aligned, RateHz) : SpectralDistance.Db(Narrow(sent), Narrow(aligned), RateHz / 2);
        return new VoiceQuality(SegmentalSnr.Of(sent, aligned, RateHz), distance, shifted);
    }

    private static short[] Narrow(short[] pcm)
    {
        var narrow = new short[pcm.Length / 2 + 1];
        return narrow[..Resampler.From16To8kHz().Process(pcm, narrow)];
    }
}
