using System.Buffers;

namespace VoiceGateway.Media;

/// <summary>
/// A ring of codec bytes: 8 kB a second for G.711, so that minutes fit. Grows by doubling out of the pool up to a
/// limit; what does not fit then is refused, and counted by the owner. Not thread-safe: its owner locks.
/// </summary>
internal sealed class PlayoutQueue(int maxBytes, ArrayPool<byte> pool) : IDisposable
{
    private byte[] _ring = pool.Rent(Math.Min(maxBytes, 4096));
    private int _head;

    public int Count { get; private set; }

    /// <returns>How many bytes were taken; fewer than given when the limit is reached.</returns>
    public int Write(ReadOnlySpan<byte> codes)
    {
        var taken = Math.Min(codes.Length, maxBytes - Count);
        if (taken == 0) return 0;
        if (Count + taken > _ring.Length) Grow(Count + taken);
        var tail = (_head + Count) % _ring.Length;
        var first = Math.Min(taken, _ring.Length - tail);
        codes[..first].CopyTo(_ring.AsSpan(tail));
        codes[first..taken].CopyTo(_ring);
        Count += taken;
        return taken;
    }

    /// <returns>How many bytes were there, at most the length of <paramref name="codes"/>.</returns>
    public int Read(Span<byte> codes)
    {
        var taken = Math.Min(codes.Length, Count);
        if (taken == 0) return 0;
        var first = Math.Min(taken, _ring.Length - _head);
        _ring.AsSpan(_head, first).CopyTo(codes);
        _ring.AsSpan(0, taken - first).CopyTo(codes[first..]);
        _head = (_head + taken) % _ring.Length;
        Count -= taken;
        return taken;
    }

    public void Clear() => (_head, Count) = (0, 0);

    public void Dispose()
    {
        if (_ring.Length == 0) return;
        pool.Return(_ring);
        _ring = [];
        Clear();
        maxBytes = 0;
    }

    private void Grow(int needed)
    {
        var larger = pool.Rent((int)Math.Min(maxBytes, Math.Max((long)needed, _ring.Length * 2L)));
        var count = Count;
        Read(larger);
        pool.Return(_ring);
        (_ring, _head, Count) = (larger, 0, count);
    }
}
