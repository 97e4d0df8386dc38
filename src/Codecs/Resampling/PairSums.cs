using System.Runtime.CompilerServices;

namespace VoiceGateway.Codecs;

/// <summary>Of <see cref="PairFir"/>: as many even outputs as there are lanes, and the odd ones between them.</summary>
/// <typeparam name="TLanes">The vector's operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal struct PairSums<TLanes, T> where TLanes : struct, IPairLanes<T>
{
    private T _even;
    private T _odd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PairSums() => (_even, _odd) = (TLanes.Zero, TLanes.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T pairs, T evenTaps, T oddTaps)
    {
        _even = TLanes.AddProducts(_even, pairs, evenTaps);
        _odd = TLanes.AddProducts(_odd, pairs, oddTaps);
    }

    /// <summary>Halves rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ShiftRight(int bits) => (_even, _odd) = (TLanes.ShiftRight(_even, bits), TLanes.ShiftRight(_odd, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StoreClipped(ref short destination, nuint at) => TLanes.StoreClipped(_even, _odd, ref destination, at);
}
