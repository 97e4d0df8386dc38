using System.Buffers;

namespace VoiceGateway.Media;

/// <summary>
/// Audio that waits, in blocks out of a pool: a call holds as many as what waits needs, and one more. What exceeds the limit
/// is refused, and counted by the owner. Not thread-safe: its owner locks.
/// </summary>
internal sealed class PlayoutQueue(int maxBytes, ArrayPool<byte> pool) : IDisposable
{
    // A quarter of a second of G.711.
    public const int BlockBytes = 2048;

    // A ring of blocks; the first of them begins at _first, what waits at _head of it.
    private byte[]?[] _blocks = new byte[4][];
    private int _first;
    private int _head;

    public int Count { get; private set; }

    public int MaxBytes { get; set; } = maxBytes;

    /// <returns>How many bytes were taken; fewer than given when the limit is reached.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Clamp(MaxBytes - Count, 0, bytes.Length);
        for (var rest = bytes[..taken]; rest.Length > 0;)
        {
            var (block, at) = Math.DivRem(_head + Count, BlockBytes);
            if (block == _blocks.Length) Grow();
            var into = (_blocks[Place(block)] ??= pool.Rent(BlockBytes)).AsSpan(at, Math.Min(rest.Length, BlockBytes - at));
            rest[..into.Length].CopyTo(into);
            rest = rest[into.Length..];
            Count += into.Length;
        }
        return taken;
    }

    /// <returns>How many bytes were there, at most the length of <paramref name="bytes"/>.</returns>
    public int Read(Span<byte> bytes)
    {
        var taken = Peek(0, bytes);
        Skip(taken);
        return taken;
    }

    /// <summary>What will be read, from so many bytes on.</summary>
    /// <returns>How many bytes are there, at most the length of <paramref name="bytes"/>.</returns>
    public int Peek(int ahead, Span<byte> bytes)
    {
        var there = Math.Clamp(Count - ahead, 0, bytes.Length);
        for (var rest = bytes[..there]; rest.Length > 0;)
        {
            var (block, at) = Math.DivRem(_head + ahead, BlockBytes);
            var from = _blocks[Place(block)].AsSpan(at, Math.Min(rest.Length, BlockBytes - at));
            from.CopyTo(rest);
            rest = rest[from.Length..];
            ahead += from.Length;
        }
        return there;
    }

    /// <summary>As if so many bytes had been read.</summary>
    public void Skip(int bytes)
    {
        for (var rest = Math.Min(bytes, Count); rest > 0;)
        {
            var skipped = Math.Min(rest, BlockBytes - _head);
            rest -= skipped;
            Count -= skipped;
            _head += skipped;
            if (_head == BlockBytes) Next();
        }
    }

    public void Clear()
    {
        // The first stays: what comes next begins in it.
        for (var block = 1; block < _blocks.Length; block++) Return(Place(block));
        (_head, Count) = (0, 0);
    }

    public void Dispose()
    {
        Clear();
        Return(_first);
        MaxBytes = 0;
    }

    private int Place(int block) => (_first + block) % _blocks.Length;

    private void Next()
    {
        // Empty, the block stays the first; else the next one is.
        _head = 0;
        if (Count == 0) return;
        Return(_first);
        _first = Place(1);
    }

    private void Return(int place)
    {
        if (_blocks[place] is not { } block) return;
        _blocks[place] = null;
        pool.Return(block);
    }

    private void Grow()
    {
        var more = new byte[]?[_blocks.Length * 2];
        for (var block = 0; block < _blocks.Length; block++) more[block] = _blocks[Place(block)];
        (_blocks, _first) = (more, 0);
    }
}
