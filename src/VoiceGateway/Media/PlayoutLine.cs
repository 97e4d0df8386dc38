using System.Runtime.InteropServices;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// What playout owes to the line's codec: in what its audio waits, and how it leaves. Another codec, another of these.
/// <code>
///   without state (G.711)   24 kHz ─▶ 8 kHz ─▶ [levels] ─▶ encode ─▶ │ codec bytes │ ─▶ as they are, if nothing is to be changed
///   with state (G.722)      24 kHz ─▶ 16 kHz ─▶ [levels] ─▶          │   linear    │ ─▶ encode
///   not agreed on yet       24 kHz ─▶                                │   linear    │
/// </code>
/// A codec with state encodes at departure, so that neither a cut nor a change of level is ever seen by its state.
/// </summary>
internal sealed class PlayoutLine
{
    /// <summary>The longest 20 ms of what waits: at 24 kHz.</summary>
    public const int MaxFrameSamples = 480;

    /// <summary>Of such a frame as it waits.</summary>
    public const int MaxFrameBytes = MaxFrameSamples * sizeof(short);

    /// <summary>The most that <see cref="Take"/> takes: 40 ms at 24 kHz.</summary>
    public const int SliceSamples = 960;

    /// <summary>The most that <see cref="Take"/> gives: a slice as it came.</summary>
    public const int SliceBytes = SliceSamples * sizeof(short);

    /// <summary>Of <see cref="Units"/>: whole for samples of every rate.</summary>
    public const int UnitsPerSecond = 48000;

    private readonly Resampler? _toLine;
    private readonly Resampler? _toNarrow;

    /// <param name="codec">With state: this direction's own.</param>
    /// <param name="before">The line that this one takes over from, if any. At the same rate its filters go on in mid-word; it is not used any more then.</param>
    public PlayoutLine(SpeechCodec codec, PlayoutLine? before = null)
    {
        Codec = codec;
        Queued = codec.HasState ? new LinearCodec(codec.SampleRateHz) : codec;
        FrameSamples = codec.SampleRateHz * Playout.FrameMs / 1000;
        FrameBytes = Queued.PayloadBytes(FrameSamples);
        if (before?.Codec.SampleRateHz == codec.SampleRateHz)
        {
            (_toLine, _toNarrow) = (before._toLine, before._toNarrow);
            return;
        }
        (_toLine, _toNarrow) = codec.SampleRateHz switch
        {
            8000 => (Resampler.From24To8kHz(), null),
            16000 => (Resampler.From24To16kHz(), Resampler.From16To8kHz()),
            24000 => ((Resampler?)null, (Resampler?)null),
            _ => throw new ArgumentException($"no line has {codec.SampleRateHz} Hz", nameof(codec)),
        };
    }

    /// <summary>
    /// Before offer and answer: a greeting that waits for them is kept as it came, so that it leaves in the codec that they choose as if
    /// that had been known. No frame leaves from it.
    /// </summary>
    public static PlayoutLine Unknown() => new(new LinearCodec(24000));

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

    /// <summary>See <see cref="Unknown"/>.</summary>
    public bool IsUnknown => _toLine is null;

    /// <summary>How long this many bytes of the queue sound.</summary>
    public long Units(int bytes) => (long)Queued.MaxSamples(bytes) * (UnitsPerSecond / Codec.SampleRateHz);

    /// <summary>Bytes of the queue that sound for so long.</summary>
    public int Bytes(long units) => Queued.PayloadBytes((int)(units * Codec.SampleRateHz / UnitsPerSecond));

    /// <summary>What waits for the other may leave from here as it is.</summary>
    public bool QueuesAs(PlayoutLine other) => Queued.EncodingName == other.Queued.EncodingName && Queued.SampleRateHz == other.Queued.SampleRateHz;

    /// <summary>From the model to what waits.</summary>
    /// <returns>Bytes written to <paramref name="waiting"/>, which has room for <see cref="SliceBytes"/>.</returns>
    public int Take(ReadOnlySpan<short> pcm24kHz, Span<byte> waiting)
    {
        if (_toLine is null) return Queued.Encode(pcm24kHz, waiting);
        Span<short> pcm = stackalloc short[SliceSamples];
        pcm = pcm[.._toLine.Process(pcm24kHz, pcm)];
        Levels?.Process(pcm);
        return Queued.Encode(pcm, waiting);
    }

    /// <summary>What comes next does not go on where the last chunk ended.</summary>
    public void Cut() => _toLine?.Reset();

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

    /// <summary>What has waited for a codec to be agreed on (<see cref="Unknown"/>), as it would have been queued here from the start.</summary>
    public byte[] TakeIn(ReadOnlySpan<byte> waiting24kHz)
    {
        var pcm24kHz = MemoryMarshal.Cast<byte, short>(waiting24kHz);
        var waiting = new byte[waiting24kHz.Length];
        var bytes = 0;
        for (; pcm24kHz.Length > 0; pcm24kHz = pcm24kHz[Math.Min(SliceSamples, pcm24kHz.Length)..])
            bytes += Take(pcm24kHz[..Math.Min(SliceSamples, pcm24kHz.Length)], waiting.AsSpan(bytes));
        return waiting[..bytes];
    }

    public override string ToString() => $"Resample(24000->{Codec.SampleRateHz}) -> Encode({Codec.EncodingName})";
}
