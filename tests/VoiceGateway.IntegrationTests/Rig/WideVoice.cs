using VoiceGateway.Codecs;
using VoiceGateway.LiveSimulator;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>A voice with sounds up to 8 kHz, and how well each half of its band arrived.</summary>
internal static class WideVoice
{
    public const int RateHz = 16000;

    /// <summary>One of the agent's lines, which are recorded at 24 kHz, brought to 16.</summary>
    public static short[] Line(string words) => Alignment.Resampled(Resampler.From24To16kHz(), Recorded(words));

    /// <summary>24 kHz.</summary>
    public static short[] Recorded(string words) => AgentVoice.Lines.Single(line => line.Text == words).Read().Samples;

    /// <summary>
    /// Signal to noise in the telephone band and from 4.2 to 7 kHz, where one G.722 encoding leaves about 30 dB and 5: both must be as good as
    /// the codec alone, within what two resamplers and a jitter buffer's edges take.
    /// </summary>
    /// <param name="log">Told both.</param>
    /// <param name="listener">Who heard it.</param>
    /// <param name="line">As it was said, 16 kHz.</param>
    /// <param name="recording">With the line somewhere in it, 16 kHz.</param>
    public static void AssertHeard(ITestOutputHelper log, string listener, short[] line, short[] recording)
    {
        var (low, high) = Quality(line, recording);
        var (codecLow, codecHigh) = Quality(line, Coded(line));
        log.WriteLine($"{listener} heard {low:F1} dB below 4 kHz and {high:F1} above; the codec alone leaves {codecLow:F1} and {codecHigh:F1}");
        Assert.InRange(low, codecLow - 3, 100);
        Assert.InRange(high, codecHigh - 1.5, 100);
    }

    /// <summary>For a listener whose jitter buffer may spoil a piece or two, with a click: what lies above 4 kHz is as large a share of it all as it was.</summary>
    public static void AssertUpperHalfIsThere(ITestOutputHelper log, string listener, short[] line, short[] recording)
    {
        var differenceDb = UpperShareDb(recording) - UpperShareDb(Coded(line));
        log.WriteLine($"the share above 4 kHz of what {listener} heard is {differenceDb:+0.0;-0.0} dB larger than it was");
        Assert.InRange(differenceDb, -2, 4);
    }

    // With the lower half taken out of it, to all of it.
    private static double UpperShareDb(short[] pcm)
    {
        var (splitter, low, upper) = (new BandSplitter(), new short[BandSplitter.MaxSamples / 2], new short[BandSplitter.MaxSamples]);
        var (above, all) = (0.0, 1.0);
        foreach (var chunk in pcm.Chunk(BandSplitter.MaxSamples).Where(static chunk => chunk.Length % 2 == 0))
        {
            var pairs = splitter.Split(chunk, low);
            low.AsSpan().Clear();
            foreach (var sample in upper.AsSpan(0, splitter.Join(low.AsSpan(0, pairs), 1, upper))) above += (double)sample * sample;
            foreach (var sample in chunk) all += (double)sample * sample;
        }
        return 10 * Math.Log10(above / all);
    }

    private static (double Low, double High) Quality(short[] line, short[] recording) =>
        (Alignment.SignalToNoiseDb(line, recording, RateHz), Alignment.SignalToNoiseDb(line, recording, RateHz, 4200, 7000));

    private static short[] Coded(short[] line)
    {
        var (codec, codes, heard) = (new G722Codec(), new byte[line.Length / 2], new short[line.Length / 2 * 2]);
        codec.Encode(line.AsSpan(0, heard.Length), codes);
        codec.Decode(codes, heard);
        return heard;
    }
}
