namespace VoiceGateway.Codecs;

/// <summary>One width of vectors for <see cref="PairFir"/> and <see cref="PairCorrelation"/>: lanes of 32 bits, each over two samples of 16.</summary>
/// <typeparam name="T">The vector.</typeparam>
internal interface IPairLanes<T>
{
    static abstract int Count { get; }

    static abstract T Zero { get; }

    static abstract T Broadcast(int taps);

    /// <summary><c>x[at + 2i]</c> in the lower half of each lane, <c>x[at + 2i + 1]</c> in the upper.</summary>
    static abstract T Load(ref short x, nuint at);

    /// <summary><c>sum[i] + first of pairs[i] * first tap + second of pairs[i] * second tap</c>.</summary>
    static abstract T AddProducts(T sum, T pairs, T taps);

    /// <summary>Halves rounded up.</summary>
    static abstract T ShiftRight(T sum, int bits);

    /// <summary>Writes <c>even[0], odd[0], even[1]…</c>, clipped to 16 bits.</summary>
    static abstract void StoreClipped(T even, T odd, ref short destination, nuint at);

    /// <summary>Writes <c>even[0], odd[0], even[1]…</c>.</summary>
    static abstract void Store(T even, T odd, ref int destination, nuint at);
}
