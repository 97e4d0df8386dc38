namespace VoiceGateway.Codecs.Tests;

public class ToneDetectorTests
{
    [Fact]
    public void Tone_InChunksOfAnyLength_IsSeenInEveryBlock()
    {
        var detector = new ToneDetector(1000, 8000);
        var pcm = Signal.Sine(1000, -20, 8000, 1600);
        for (var at = 0; at < pcm.Length; at += 37)
            detector.Process(pcm.AsSpan(at, Math.Min(37, pcm.Length - at)));
        Assert.True(detector.IsPresent);
        Assert.Equal((10, 10), (detector.Blocks, detector.BlocksPresent));
        Assert.Equal(-20, detector.LevelDbov, 0.1);
        Assert.InRange(detector.Share, 0.99, 1);
    }

    [Fact]
    public void Tone_ThatEnds_IsGoneOneBlockLater()
    {
        var detector = new ToneDetector(1000, 8000);
        Assert.True(detector.Process(Signal.Sine(1000, -20, 8000, 160)));
        Assert.True(detector.Process(new short[159]));
        Assert.False(detector.Process(new short[1]));
    }

    [Fact]
    public void OtherSounds_AreNotTheTone()
    {
        Assert.False(new ToneDetector(1000, 8000).Process(Signal.Sine(1400, -10, 8000, 1600)));
        Assert.False(new ToneDetector(1000, 8000).Process(Signal.WhiteNoise(-20, 1600)));
        Assert.False(new ToneDetector(1000, 8000).Process(new short[1600]));
        Assert.False(new ToneDetector(1000, 8000).Process(Signal.Sine(1000, -55, 8000, 1600)));
    }

    [Fact]
    public void Tone_ThroughMuLawAndBothResamplers_IsStillSeen()
    {
        var (up, down) = (Resampler.From8To16kHz(), Resampler.From16To8kHz());
        var pcm = Signal.Sine(1000, -20, 8000, 1600);
        var codes = new byte[1600];
        G711.EncodeMuLaw(pcm, codes);
        G711.DecodeMuLaw(codes, pcm);
        var wide = new short[3200];
        up.Process(pcm, wide);
        down.Process(wide, pcm);
        Assert.True(new ToneDetector(1000, 8000).Process(pcm));
    }

    [Fact]
    public void Reset_ForgetsTheTone()
    {
        var detector = new ToneDetector(1000, 8000);
        detector.Process(Signal.Sine(1000, -20, 8000, 200));
        detector.Reset();
        Assert.False(detector.IsPresent);
        Assert.Equal((0, 0), (detector.Blocks, detector.BlocksPresent));
        Assert.False(detector.Process(new short[159]));
        Assert.Equal(0, detector.Blocks);
    }

    [Fact]
    public void Process_AllocatesNothing()
    {
        var detector = new ToneDetector(1000, 8000);
        var pcm = Signal.Sine(1000, -20, 8000, 500);
        Assert.Equal(0, Allocations.Of(() => detector.Process(pcm)));
    }
}
