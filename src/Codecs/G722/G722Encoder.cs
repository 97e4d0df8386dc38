using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>ITU-T G.722, section 3: 16 kHz to 64 kbit/s. One stream; any number of pairs of samples at a time.</summary>
internal sealed class G722Encoder
{
    // Pairs on the stack at a time: 20 ms.
    private const int Block = 160;

    // QUANTH: what lies below it, times the step, is the smaller of two levels.
    private const int HighThreshold = 564;

    private readonly short[] _history = new short[2 * G722Qmf.History];
    private G722Predictor _lowPredictor;
    private G722Predictor _highPredictor;
    private int _lowLog;
    private int _highLog;

    public void Reset()
    {
        Array.Clear(_history);
        (_lowPredictor, _highPredictor) = (default, default);
        (_lowLog, _highLog) = (0, 0);
    }

    /// <param name="pcm">Whole pairs.</param>
    /// <param name="codes">Half as many at least.</param>
    [SkipLocalsInit]
    public void Encode(ReadOnlySpan<short> pcm, Span<byte> codes)
    {
        Span<int> low = stackalloc int[G722Qmf.History + Block];
        Span<int> high = stackalloc int[G722Qmf.History + Block];
        while (!pcm.IsEmpty)
        {
            var pairs = Math.Min(pcm.Length / 2, Block);
            Split(pcm[..(2 * pairs)], low[..(G722Qmf.History + pairs)], high[..(G722Qmf.History + pairs)]);
            EncodeBands(low[..pairs], high[..pairs], codes[..pairs]);
            pcm = pcm[(2 * pairs)..];
            codes = codes[pairs..];
        }
    }

    /// <summary>The bands, 15 bits each, at the beginning of what is given.</summary>
    private void Split(ReadOnlySpan<short> pcm, Span<int> low, Span<int> high)
    {
        SamplePairs.Part(_history, low, high);
        SamplePairs.Part(pcm, low[G722Qmf.History..], high[G722Qmf.History..]);
        Remember(pcm);

        G722Qmf.FilterFirst(low);
        G722Qmf.FilterSecond(high);
        // 12 bits are the taps' gain, one is for two sums, one for 15 bits out of 16.
        for (var i = 0; i < pcm.Length / 2; i++)
            (low[i], high[i]) = ((high[i] + low[i]) >> 14, (high[i] - low[i]) >> 14);
    }

    private void Remember(ReadOnlySpan<short> pcm)
    {
        var kept = Math.Max(0, _history.Length - pcm.Length);
        _history.AsSpan(_history.Length - kept).CopyTo(_history);
        pcm[^(_history.Length - kept)..].CopyTo(_history.AsSpan(kept));
    }

    private void EncodeBands(ReadOnlySpan<int> low, ReadOnlySpan<int> high, Span<byte> codes)
    {
        var (lowPredictor, highPredictor) = (_lowPredictor, _highPredictor);
        var (lowLog, highLog) = (_lowLog, _highLog);
        var (lowSteps, highSteps) = (G722Step.Low, G722Step.High);
        for (var i = 0; i < codes.Length && i < low.Length && i < high.Length; i++)
        {
            // SUBTRA, QUANTL, INVQAL, LOGSCL.
            int step = lowSteps[lowLog >> 6];
            var difference = Saturate(low[i] - lowPredictor.Signal);
            var sign = difference >> 31;
            var level = G722Quantizer.Level(difference ^ sign, step) + (sign & 32);
            lowPredictor.Update((step * G722Tables.DifferenceOfLevel[level]) >> 15);
            lowLog = Math.Clamp(((lowLog * 127) >> 7) + G722Tables.LogStepOfLevel[level], 0, G722Step.LargestLogLow);

            // SUBTRA, QUANTH, INVQAH, LOGSCH. Positive codes are 3 and 2, negative ones 1 and 0.
            step = highSteps[highLog >> 6];
            difference = Saturate(high[i] - highPredictor.Signal);
            sign = difference >> 31;
            var highCode = 3 + 2 * sign - ((difference ^ sign) >= (HighThreshold * step) >> 12 ? 1 : 0);
            highPredictor.Update((step * G722Tables.HighDifference[highCode]) >> 15);
            highLog = Math.Clamp(((highLog * 127) >> 7) + G722Tables.HighLogStep[highCode], 0, G722Step.LargestLogHigh);

            codes[i] = (byte)((highCode << 6) | G722Tables.CodeOfLevel[level]);
        }
        (_lowPredictor, _highPredictor) = (lowPredictor, highPredictor);
        (_lowLog, _highLog) = (lowLog, highLog);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
}
