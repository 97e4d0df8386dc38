using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VoiceGateway.Codecs;

/// <summary>AVX2, which multiplies pairs and adds them in one instruction.</summary>
internal readonly struct PairLanes256 : IPairLanes<Vector256<int>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static int Count => Vector256<int>.Count;

    public static Vector256<int> Zero => Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int taps) => Vector256.Create(taps);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ref short x, nuint at) => Vector256.LoadUnsafe(ref x, at).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddProducts(Vector256<int> sum, Vector256<int> pairs, Vector256<int> taps) =>
        sum + Avx2.MultiplyAddAdjacent(pairs.AsInt16(), taps.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> sum, int bits) => (sum + Vector256.Create(1 << (bits - 1))) >> bits;

    // Packing and unpacking stay within parts of 128 bits, and so the order comes out right.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreClipped(Vector256<int> even, Vector256<int> odd, ref short destination, nuint at) =>
        Avx2.PackSignedSaturate(Avx2.UnpackLow(even, odd), Avx2.UnpackHigh(even, odd)).StoreUnsafe(ref destination, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> even, Vector256<int> odd, ref int destination, nuint at)
    {
        var (low, high) = (Avx2.UnpackLow(even, odd), Avx2.UnpackHigh(even, odd));
        Avx2.Permute2x128(low, high, 0x20).StoreUnsafe(ref destination, at);
        Avx2.Permute2x128(low, high, 0x31).StoreUnsafe(ref destination, at + 8);
    }
}
