using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VoiceGateway.Codecs;

/// <summary>AVX-512, where the runtime takes it for worth its clock.</summary>
internal readonly struct PairLanes512 : IPairLanes<Vector512<int>>
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    public static int Count => Vector512<int>.Count;

    public static Vector512<int> Zero => Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int taps) => Vector512.Create(taps);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(ref short x, nuint at) => Vector512.LoadUnsafe(ref x, at).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddProducts(Vector512<int> sum, Vector512<int> pairs, Vector512<int> taps) =>
        sum + Avx512BW.MultiplyAddAdjacent(pairs.AsInt16(), taps.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> sum, int bits) => (sum + Vector512.Create(1 << (bits - 1))) >> bits;

    // Packing and unpacking stay within parts of 128 bits, and so the order comes out right.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreClipped(Vector512<int> even, Vector512<int> odd, ref short destination, nuint at) =>
        Avx512BW.PackSignedSaturate(Avx512F.UnpackLow(even, odd), Avx512F.UnpackHigh(even, odd)).StoreUnsafe(ref destination, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> even, Vector512<int> odd, ref int destination, nuint at)
    {
        Avx512F.PermuteVar16x32x2(even, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), odd).StoreUnsafe(ref destination, at);
        Avx512F.PermuteVar16x32x2(even, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), odd).StoreUnsafe(ref destination, at + 16);
    }
}
