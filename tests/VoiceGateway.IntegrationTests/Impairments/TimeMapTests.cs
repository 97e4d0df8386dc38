using VoiceGateway.Caller;
using VoiceGateway.Robustness;

namespace VoiceGateway.IntegrationTests.Impairments;

/// <summary>The judge of the calls over bad networks must see what is wrong with a voice.</summary>
public sealed class TimeMapTests
{
    private const int Ms = 16;

    private static readonly short[] Voice = Sent();

    [Fact]
    public void TheSame_AnywhereInACall_IsTheSame()
    {
        var quality = VoiceQuality.Of(Voice, [.. new short[1234 * Ms], .. Voice, .. new short[500 * Ms]], isWide: false);
        Assert.Equal((35, 0, 0), (quality.SegmentalSnrDb, Math.Round(quality.SpectralDistanceDb, 6), quality.ShiftedMs));
    }

    [Fact]
    public void SilenceInBetween_IsFoundAndSaid()
    {
        // 140 ms in the middle of a word.
        var quality = VoiceQuality.Of(Voice, [.. new short[100], .. Voice[..(3000 * Ms)], .. new short[140 * Ms], .. Voice[(3000 * Ms)..]], isWide: false);
        Assert.InRange(quality.ShiftedMs, 139, 141);
        Assert.InRange(quality.SegmentalSnrDb, 33, 35);
    }

    [Fact]
    public void EveryTenthFrameGone_CostsATenthOfTheSegments()
    {
        var heard = Voice.ToArray();
        for (var frame = 0; (frame + 1) * 20 * Ms <= heard.Length; frame += 10) heard.AsSpan(frame * 20 * Ms, 20 * Ms).Clear();
        var quality = VoiceQuality.Of(Voice, heard, isWide: false);
        Assert.InRange(quality.SegmentalSnrDb, 30.5, 32.5);
        Assert.InRange(quality.SpectralDistanceDb, 1, 10);
    }

    [Fact]
    public void SomebodyElsesTone_IsHeard()
    {
        var heard = Voice.Select(static (s, i) => (short)Math.Clamp(s + 3000 * Math.Sin(2 * Math.PI * 2000 * i / 16000.0), short.MinValue, short.MaxValue)).ToArray();
        var quality = VoiceQuality.Of(Voice, heard, isWide: false);
        Assert.InRange(quality.SegmentalSnrDb, -10, 12);
        Assert.InRange(quality.SpectralDistanceDb, 3, 40);
    }

    private static short[] Sent()
    {
        var line = new SentVoice();
        line.Carry(Speech.One.Pcm8kHz.ToArray(), 0);
        return line.AsHeard(CallerCodec.Pcmu);
    }
}
