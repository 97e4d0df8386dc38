using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>ITU-T G.722, section 4, mode 1: 64 kbit/s to 16 kHz. One stream; any number of bytes at a time, none of which is wrong.</summary>
internal sealed class G722Decoder
{
    // Bytes on the stack at a time: 20 ms.
    private const int Block = 160;

    private readonly int[] _sumHistory = new int[G722Qmf.History];
    private readonly int[] _differenceHistory = new int[G722Qmf.History];
    private G722Predictor _lowPredictor;
    private G722Predictor _highPredictor;
    private int _lowLog;
    private int _highLog;

    public void Reset()
    {
        Array.Clear(_sumHistory);
        Array.Clear(_differenceHistory);
        (_lowPredictor, _highPredictor) = (default, default);
        (_lowLog, _highLog) = (0, 0);
    }

    /// <param name="codes">Any number.</param>
    /// <param name="pcm">Twice as many at least.</param>
    [SkipLocalsInit]
    public void Decode(ReadOnlySpan<byte> codes, Span<short> pcm)
    {
        Span<int> sums = stackalloc int[G722Qmf.History + Block];
        Span<int> differences = stackalloc int[G722Qmf.History + Block];
        while (!codes.IsEmpty)
        {
            var pairs = Math.Min(codes.Length, Block);
            DecodeBands(codes[..pairs], sums.Slice(G722Qmf.History, pairs), differences.Slice(G722Qmf.History, pairs));
            Join(sums[..(G722Qmf.History + pairs)], differences[..(G722Qmf.History + pairs)], pcm[..(2 * pairs)]);
            codes = codes[pairs..];
            pcm = pcm[(2 * pairs)..];
        }
    }

    /// <summary>Both bands, added and subtracted: what the two halves of the filter take.</summary>
    private void DecodeBands(ReadOnlySpan<byte> codes, Span<int> sums, Span<int> differences)
    {
        var (lowPredictor, highPredictor) = (_lowPredictor, _highPredictor);
        var (lowLog, highLog) = (_lowLog, _highLog);
        var (lowSteps, highSteps) = (G722Step.Low, G722Step.High);
        for (var i = 0; i < codes.Length && i < sums.Length && i < differences.Length; i++)
        {
            // INVQBL, RECONS, LIMIT: what is heard has two bits more than what is learnt from.
            var code = codes[i] & 63;
            int step = lowSteps[lowLog >> 6];
            var low = Limit(lowPredictor.Signal + ((step * G722Tables.Difference6[code]) >> 15));
            lowPredictor.Update((step * G722Tables.LowDifference[code]) >> 15);
            lowLog = Math.Clamp(((lowLog * 127) >> 7) + G722Tables.LowLogStep[code], 0, G722Step.LargestLogLow);

            code = codes[i] >> 6;
            step = highSteps[highLog >> 6];
            var difference = (step * G722Tables.HighDifference[code]) >> 15;
            var high = Limit(highPredictor.Signal + difference);
            highPredictor.Update(difference);
            highLog = Math.Clamp(((highLog * 127) >> 7) + G722Tables.HighLogStep[code], 0, G722Step.LargestLogHigh);

            (sums[i], differences[i]) = (low + high, low - high);
        }
        (_lowPredictor, _highPredictor) = (lowPredictor, highPredictor);
        (_lowLog, _highLog) = (lowLog, highLog);
    }

    private void Join(Span<int> sums, Span<int> differences, Span<short> pcm)
    {
        _sumHistory.CopyTo(sums);
        _differenceHistory.CopyTo(differences);
        sums[^G722Qmf.History..].CopyTo(_sumHistory);
        differences[^G722Qmf.History..].CopyTo(_differenceHistory);

        G722Qmf.FilterFirst(sums);
        G722Qmf.FilterSecond(differences);
        // 12 bits are the taps' gain, less one for 16 bits out of 15.
        for (var i = 0; i < pcm.Length / 2; i++)
            (differences[i], sums[i]) = (differences[i] >> 11, sums[i] >> 11);
        SamplePairs.Join(differences, sums, pcm);
    }

    // LIMIT: 15 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Limit(int value) => Math.Clamp(value, -16384, 16383);
}
