using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>What every processor with vectors can do: shifts cut the pairs apart.</summary>
internal readonly struct PairLanes128 : IPairLanes<Vector128<int>>
{
    public static int Count => Vector128<int>.Count;

    public static Vector128<int> Zero => Vector128<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int taps) => Vector128.Create(taps);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(ref short x, nuint at) => Vector128.LoadUnsafe(ref x, at).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddProducts(Vector128<int> sum, Vector128<int> pairs, Vector128<int> taps) =>
        sum + ((pairs << 16) >> 16) * ((taps << 16) >> 16) + (pairs >> 16) * (taps >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRight(Vector128<int> sum, int bits) => (sum + Vector128.Create(1 << (bits - 1))) >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreClipped(Vector128<int> even, Vector128<int> odd, ref short destination, nuint at) =>
        Vector128.Shuffle(Vector128.NarrowWithSaturation(even, odd), Vector128.Create(0, 4, 1, 5, 2, 6, 3, 7)).StoreUnsafe(ref destination, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> even, Vector128<int> odd, ref int destination, nuint at)
    {
        var second = Vector128.Create(0, -1, 0, -1);
        Vector128.ConditionalSelect(second, Vector128.Shuffle(odd, Vector128.Create(0, 0, 1, 1)), Vector128.Shuffle(even, Vector128.Create(0, 0, 1, 1))).StoreUnsafe(ref destination, at);
        Vector128.ConditionalSelect(second, Vector128.Shuffle(odd, Vector128.Create(2, 2, 3, 3)), Vector128.Shuffle(even, Vector128.Create(2, 2, 3, 3))).StoreUnsafe(ref destination, at + 4);
    }
}
