namespace VoiceGateway.Soak;

/// <summary>Audio that arrived, in frames of 20 ms.</summary>
internal sealed class HeardAudio
{
    public const int FrameSamples = SentLine.FrameSamples;

    private HeardAudio(short[] pcm8kHz, long[] frameAt)
    {
        (Pcm8kHz, FrameAt, SentTo) = (pcm8kHz, frameAt, new long[frameAt.Length]);
        Array.Fill(SentTo, -1);
    }

    /// <param name="pcm16kHz">All of it. It came from a telephone: there is nothing above 4 kHz in it.</param>
    /// <param name="frameAt">When each frame arrived, in Stopwatch ticks.</param>
    public static HeardAudio From16kHz(ReadOnlySpan<short> pcm16kHz, long[] frameAt)
    {
        var pcm = new short[pcm16kHz.Length / 2];
        for (var i = 0; i < pcm.Length; i++) pcm[i] = (short)((pcm16kHz[2 * i] + pcm16kHz[2 * i + 1]) / 2);
        return new HeardAudio(pcm, frameAt);
    }

    public short[] Pcm8kHz { get; }

    public long[] FrameAt { get; }

    /// <summary>Where each frame stands in what was sent, in samples; -1: nowhere. For the tracker to fill in.</summary>
    public long[] SentTo { get; }

    /// <summary>The last frame of what was sent that had arrived by then.</summary>
    public int LastHeardBefore(long timestamp)
    {
        for (var frame = FrameAt.Length - 1; frame >= 0; frame--)
            if (FrameAt[frame] <= timestamp && SentTo[frame] >= 0) return (int)(SentTo[frame] / FrameSamples);
        return int.MaxValue;
    }
}
