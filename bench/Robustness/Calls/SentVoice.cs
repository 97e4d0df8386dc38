using VoiceGateway.Caller;
using VoiceGateway.Codecs;

namespace VoiceGateway.Robustness;

/// <summary>All that a caller sent, and what of it a perfect line would bring to the model.</summary>
internal sealed class SentVoice : ICallerLine
{
    public const int FrameSamples = 160;

    private readonly List<short> _samples = [];

    /// <summary>Called with every frame from the first one that is sent.</summary>
    public void Carry(Span<short> frame, long now) => _samples.AddRange(frame);

    /// <param name="codec">What the line speaks.</param>
    /// <param name="isGone">Which frames do not arrive and are zeros instead; null: none.</param>
    /// <returns>16 kHz, from the first sound to the last.</returns>
    public short[] AsHeard(CallerCodec codec, IReadOnlyList<bool>? isGone = null)
    {
        var (start, end) = Voiced();
        var pcm = codec == CallerCodec.G722 ? Wide(isGone) : Narrow(isGone);
        return pcm[(2 * start)..Math.Min(pcm.Length, 2 * end)];
    }

    private short[] Narrow(IReadOnlyList<bool>? isGone)
    {
        var codes = new byte[_samples.Count];
        G711.EncodeMuLaw(_samples.ToArray(), codes);
        var pcm = new short[codes.Length];
        G711.DecodeMuLaw(codes, pcm);
        Clear(pcm, FrameSamples, isGone);
        return Resampled(pcm);
    }

    private short[] Wide(IReadOnlyList<bool>? isGone)
    {
        var pcm = Resampled(_samples.ToArray());
        var codes = new byte[pcm.Length / 2];
        new G722Codec().Encode(pcm, codes);
        var codec = new G722Codec();
        var heard = new short[pcm.Length];
        var frame = FrameSamples;
        for (var i = 0; (i + 1) * frame <= codes.Length; i++)
            if (isGone is null || i >= isGone.Count || !isGone[i]) codec.Decode(codes.AsSpan(i * frame, frame), heard.AsSpan(2 * i * frame));
        return heard;
    }

    private static short[] Resampled(short[] pcm)
    {
        var wide = new short[2 * pcm.Length];
        return wide[..Resampler.From8To16kHz().Process(pcm, wide)];
    }

    private static void Clear(short[] pcm, int frame, IReadOnlyList<bool>? isGone)
    {
        for (var i = 0; isGone is not null && i < isGone.Count && (i + 1) * frame <= pcm.Length; i++)
            if (isGone[i]) pcm.AsSpan(i * frame, frame).Clear();
    }

    private (int Start, int End) Voiced() => (_samples.FindIndex(static s => s != 0), _samples.FindLastIndex(static s => s != 0) + 1);
}
