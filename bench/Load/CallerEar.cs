using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Load;

/// <summary>Hears by level when the caller begins and ends: the speech of this bench has no pauses. One thread's scratch for all ears.</summary>
internal sealed class CallerEar
{
    private const int SamplesPerMs = 16;
    private const int Loud = 1000;

    // As long as a caller must speak to interrupt, and be silent to be answered.
    private const int OnsetSamples = 60 * SamplesPerMs;
    private const int EndSamples = 200 * SamplesPerMs;

    private static readonly byte[] Scratch = new byte[64 * 1024];

    private int _spoken;
    private int _silent = EndSamples;

    /// <summary>The caller has spoken for a moment, and has not fallen silent since.</summary>
    public bool IsSpeech => _spoken >= OnsetSamples;

    /// <summary>With this message an utterance is over.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>With this message an utterance begins.</summary>
    public bool HasBegun { get; private set; }

    /// <returns>The message's samples; 0 when it is no audio.</returns>
    public int Hear(ReadOnlySpan<byte> base64)
    {
        (HasBegun, HasEnded) = (false, false);
        if (Base64.DecodeFromUtf8(base64, Scratch, out _, out var bytes) != OperationStatus.Done) return 0;
        var pcm = MemoryMarshal.Cast<byte, short>(Scratch.AsSpan(0, bytes));
        if (Peak(pcm) >= Loud)
        {
            HasBegun = _spoken == 0;
            _spoken += pcm.Length;
            _silent = 0;
        }
        else if (_spoken > 0 && (_silent += pcm.Length) >= EndSamples)
        {
            HasEnded = IsSpeech;
            _spoken = 0;
        }
        return pcm.Length;
    }

    private static int Peak(ReadOnlySpan<short> pcm)
    {
        var (least, most) = (Vector<short>.Zero, Vector<short>.Zero);
        var at = 0;
        for (; at <= pcm.Length - Vector<short>.Count; at += Vector<short>.Count)
        {
            var samples = new Vector<short>(pcm[at..]);
            (least, most) = (Vector.Min(least, samples), Vector.Max(most, samples));
        }
        var peak = 0;
        for (var i = 0; i < Vector<short>.Count; i++) peak = Math.Max(peak, Math.Max(-least[i], most[i]));
        for (; at < pcm.Length; at++) peak = Math.Max(peak, Math.Abs((int)pcm[at]));
        return peak;
    }
}
