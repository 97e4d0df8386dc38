using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// What playout owes to the line's codec: in what its audio waits, and how it leaves. Another codec, another of these.
/// <code>
///   without state (G.711)   24 kHz ─▶ 8 kHz ─▶ [levels] ─▶ encode ─▶ │ codec bytes │ ─▶ as they are, if nothing is to be changed
///   with state (G.722)      24 kHz ─▶ 16 kHz ─▶ [levels] ─▶          │   linear    │ ─▶ encode
/// </code>
/// A codec with state encodes at departure, so that neither a cut nor a change of level is ever seen by its state.
/// </summary>
internal sealed class PlayoutLine
{
    /// <summary>Longest frame of any line: 20 ms at 16 kHz.</summary>
    public const int MaxFrameSamples = 320;

    /// <summary>Of such a frame as it waits.</summary>
    public const int MaxFrameBytes = MaxFrameSamples * sizeof(short);

    /// <summary>The most that <see cref="Take"/> takes: 40 ms at 24 kHz.</summary>
    public const int SliceSamples = 960;

    /// <summary>The most that <see cref="Take"/> gives: a slice at 16 kHz, linear.</summary>
    public const int SliceBytes = (SliceSamples * 2 / 3 + 1) * sizeof(short);

    private const int NarrowRateHz = 8000;
    private const int MaxRateHz = 16000;

    private readonly Resampler _toLine;
    private readonly Resampler? _toNarrow;

    public PlayoutLine(SpeechCodec codec)
    {
        if (codec.SampleRateHz is not (NarrowRateHz or MaxRateHz)) throw new ArgumentException($"no line has {codec.SampleRateHz} Hz", nameof(codec));
        Codec = codec;
        Queued = codec.HasState ? new LinearCodec(codec.SampleRateHz) : codec;
        FrameSamples = codec.SampleRateHz * Playout.FrameMs / 1000;
        FrameBytes = Queued.PayloadBytes(FrameSamples);
        var narrow = codec.SampleRateHz == NarrowRateHz;
        _toLine = narrow ? Resampler.From24To8kHz() : Resampler.From24To16kHz();
        _toNarrow = narrow ? null : Resampler.From16To8kHz();
    }

    /// <summary>Changes what is queued, at the line's rate; null: nothing does.</summary>
    public LevelControl? Levels { get; init; }

    /// <summary>What leaves. Of a codec with state, this direction's own.</summary>
    public SpeechCodec Codec { get; }

    /// <summary>In what it waits.</summary>
    public SpeechCodec Queued { get; }

    public int FrameSamples { get; }

    /// <summary>Of a frame that waits.</summary>
    public int FrameBytes { get; }

    public int BytesPerSecond => Queued.PayloadBytes(Codec.SampleRateHz);

    /// <summary>Time in sixteenths of a millisecond: whole for samples of either rate.</summary>
    public long Units(int bytes) => (long)Queued.MaxSamples(bytes) * (MaxRateHz / Codec.SampleRateHz);

    /// <summary>From the model to what waits.</summary>
    /// <returns>Bytes written to <paramref name="waiting"/>, which has room for <see cref="SliceBytes"/>.</returns>
    public int Take(ReadOnlySpan<short> pcm24kHz, Span<byte> waiting)
    {
        Span<short> pcm = stackalloc short[SliceBytes / sizeof(short)];
        pcm = pcm[.._toLine.Process(pcm24kHz, pcm)];
        Levels?.Process(pcm);
        return Queued.Encode(pcm, waiting);
    }

    /// <summary>What comes next does not go on where the last chunk ended.</summary>
    public void Cut() => _toLine.Reset();

    /// <summary>From what waited to the line. Clock thread.</summary>
    /// <param name="waited">A frame as it was queued.</param>
    /// <param name="frame">The same as samples, perhaps changed.</param>
    /// <param name="isChanged">Whether it was.</param>
    /// <param name="payload">Filled.</param>
    /// <param name="sent8kHz">What the payload sounds like, in the telephone band.</param>
    public void Leave(ReadOnlySpan<byte> waited, ReadOnlySpan<short> frame, bool isChanged, Span<byte> payload, Span<short> sent8kHz)
    {
        if (Codec.HasState || isChanged) Codec.Encode(frame, payload);
        else waited.CopyTo(payload);
        if (_toNarrow is not null) _toNarrow.Process(frame, sent8kHz);
        else if (isChanged && !Codec.HasState) Codec.Decode(payload, sent8kHz);
        else frame.CopyTo(sent8kHz);
    }

    /// <summary>What waits for another line, for this one.</summary>
    public byte[] TakeOver(PlayoutLine other, ReadOnlySpan<byte> waiting)
    {
        var pcm = new short[other.Queued.MaxSamples(waiting.Length)];
        pcm = pcm[..other.Queued.Decode(waiting, pcm)];
        if (other.Codec.SampleRateHz != Codec.SampleRateHz && pcm.Length > 0) pcm = Resampled(pcm, other.Codec.SampleRateHz);
        var bytes = new byte[Queued.PayloadBytes(pcm.Length)];
        return bytes[..Queued.Encode(pcm, bytes)];
    }

    public override string ToString() => $"Resample(24000->{Codec.SampleRateHz}) -> Encode({Codec.EncodingName})";

    // As long as before: the filter's delay at the beginning is left out, and what it holds at the end pushed out.
    private short[] Resampled(short[] pcm, int fromRateHz)
    {
        var resampler = Resampler.Create(fromRateHz, Codec.SampleRateHz);
        var late = (int)Math.Round(resampler.Delay.TotalSeconds * Codec.SampleRateHz);
        var samples = (int)((long)pcm.Length * Codec.SampleRateHz / fromRateHz);
        var padded = new short[pcm.Length + (late + 1) * fromRateHz / Codec.SampleRateHz + 1];
        pcm.CopyTo(padded, 0);
        var output = new short[resampler.MaxOutputSamples(padded.Length)];
        resampler.Process(padded, output);
        return output[late..(late + samples)];
    }
}
