using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>
/// One band's adaptive predictor, alike in encoder and decoder: two poles, six zeros (ITU-T G.722, section 3.6; block 4 of section 6.2).
/// All numbers are 16 bit, in 32-bit registers.
/// </summary>
internal struct G722Predictor
{
    // The zeros and the differences that they weigh, newest first; the last two lanes of _b are always zero.
    private Vector256<int> _b;
    private Vector256<int> _d;
    private int _a1;
    private int _a2;
    private int _doubleR1;
    private int _p1;
    private int _p2;
    private int _zeroPart;

    /// <summary>What the next sample is expected to be (SL, SH).</summary>
    public int Signal { readonly get; private set; }

    /// <param name="d">The quantised difference from <see cref="Signal"/> (DLT, DH), by which encoder and decoder learn alike.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(int d)
    {
        // RECONS, PARREC: the sample as the decoder has it, and without the poles' part.
        var doubleR = Saturate(2 * (Signal + d));
        var p = Saturate(_zeroPart + d);

        UpdatePoles(p);
        _zeroPart = UpdateZeros(d);

        // FILTEP, PREDIC.
        var polePart = Saturate(((_a1 * doubleR) >> 15) + ((_a2 * _doubleR1) >> 15));
        _doubleR1 = doubleR;
        (_p1, _p2) = (p, _p1);
        Signal = Saturate(polePart + _zeroPart);
    }

    /// <summary>UPPOL2, UPPOL1: steps by the signs of the last three, leakage, and limits within which the filter is stable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void UpdatePoles(int p)
    {
        // -1 where the signs differ, 0 where they agree.
        var differs1 = (p ^ _p1) >> 31;
        var differs2 = (p ^ _p2) >> 31;
        var fourA1 = Saturate(4 * _a1);
        var turned = Math.Min((~fourA1 ^ differs1) - ~differs1, short.MaxValue);
        var a2 = (turned >> 7) + ((128 ^ differs2) - differs2) + ((_a2 * 32512) >> 15);
        _a2 = Math.Clamp(a2, -12288, 12288);

        var a1 = ((192 ^ differs1) - differs1) + ((_a1 * 32640) >> 15);
        var limit = 15360 - _a2;
        _a1 = Math.Clamp(a1, -limit, limit);
    }

    /// <summary>UPZERO, DELAYA, FILTEZ: the zeros learn by signs too; then their part of the prediction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int UpdateZeros(int d)
    {
        var newest = Vector256.Create(d);
        var step = Vector256.AndNot(Vector256.Create(128, 128, 128, 128, 128, 128, 0, 0), Vector256.Equals(newest, Vector256<int>.Zero));
        var differs = (_d ^ newest) >> 31;
        // 255 / 256 of what it was: with a step of 128 it cannot leave 16 bits.
        _b = ((_b * 255) >> 8) + ((step ^ differs) - differs);
        _d = Vector256.ConditionalSelect(
            Vector256.Create(-1, 0, 0, 0, 0, 0, 0, 0), newest, Vector256.Shuffle(_d, Vector256.Create(0, 0, 1, 2, 3, 4, 5, 6)));
        // A difference is below 2^14 at the largest step there is: doubled, it needs no limit.
        return Saturate(Vector256.Sum((_b * (_d + _d)) >> 15));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
}
