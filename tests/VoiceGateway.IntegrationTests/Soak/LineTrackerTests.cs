using System.Diagnostics;
using VoiceGateway.Codecs;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Soak;

namespace VoiceGateway.IntegrationTests.Soak;

/// <summary>A judge that finds nothing must be one that can.</summary>
public sealed class LineTrackerTests
{
    private const int Frame = SentLine.FrameSamples;

    private readonly SentLine _sent = new(seed: 5);

    public LineTrackerTests()
    {
        foreach (var line in CallerVoice.Lines)
        {
            Say(line.Read().Samples);
            // What tells one moment of a pause from another is the noise alone.
            Say(new short[Frame * 60]);
        }
    }

    [Fact]
    public void AllArrived_ThroughTheCodec_AllIsFound() => Check(Range(0, _sent.Frames));

    [Theory]
    [InlineData(30, 2)]
    [InlineData(100, 7)]
    [InlineData(230, 40)]
    public void FramesMissing_SpokenOrSilent_AreTheOnesThatAreNotFound(int from, int count)
    {
        var arrived = Range(0, _sent.Frames).Where(f => f < from || f >= from + count).ToArray();
        Check(arrived);
    }

    [Fact]
    public void Replayed_WithoutTheSilence_IsFoundAgainInItsOrder()
    {
        int[] arrived = [.. Range(0, 150), .. Range(60, 40), .. Range(120, 130)];
        Check(arrived);
    }

    [Fact]
    public void ZerosFilledIn_AreNothingThatWasSent()
    {
        int[] arrived = [.. Range(0, 80), .. Enumerable.Repeat(-1, 9), .. Range(80, 80)];
        Check(arrived);
    }

    private void Check(int[] arrived)
    {
        var followed = Followed(arrived);
        // The filters' delay moves the first frame out of what was sent, and the last one out of what arrived.
        Assert.InRange(followed.Length, arrived.Length - 1, arrived.Length);
        Assert.Equal(arrived[1..^1], followed[1..(arrived.Length - 1)]);
    }

    private static int[] Range(int from, int count) => [.. Enumerable.Range(from, count)];

    private void Say(short[] pcm)
    {
        for (var i = 0; i + Frame <= pcm.Length; i += Frame)
        {
            var frame = pcm[i..(i + Frame)];
            _sent.Carry(frame, _sent.Frames * Stopwatch.Frequency / 50);
        }
    }

    /// <summary>Which frame each of those that arrived is taken for.</summary>
    private int[] Followed(int[] arrived)
    {
        var pcm = new short[arrived.Length * Frame];
        var code = new byte[Frame];
        for (var i = 0; i < arrived.Length; i++)
        {
            if (arrived[i] < 0) continue;
            G711.EncodeMuLaw(_sent.Samples.Slice(arrived[i] * Frame, Frame), code);
            G711.DecodeMuLaw(code, pcm.AsSpan(i * Frame, Frame));
        }
        var pcm16kHz = new short[2 * pcm.Length];
        var length = Resampler.From8To16kHz().Process(pcm, pcm16kHz);
        var heard = HeardAudio.From16kHz(pcm16kHz.AsSpan(0, length - length % (2 * Frame)), [.. arrived.Take(length / (2 * Frame)).Select(_ => _sent.SentAt(_sent.Frames - 1))]);
        new LineTracker(_sent).Follow(heard);
        return [.. heard.SentTo.Select(static p => p < 0 ? -1 : (int)Math.Round(p / (double)Frame))];
    }
}
