using System.Buffers;

namespace VoiceGateway.GeminiLive;

/// <summary>A byte buffer that rents what it needs when it needs it, and goes back to its pool when disposed. One owner, no locks.</summary>
/// <param name="usualBytes">The size to begin with, room included.</param>
/// <param name="room">Bytes left free in front of what is written, for whoever sends it.</param>
internal sealed class PooledBuffer(ArrayPool<byte> pool, int usualBytes, int room = 0) : IBufferWriter<byte>, IDisposable
{
    // The longest message that is received. What is longer is no one's business to keep.
    private const int LargestPooled = 4 << 20;

    private byte[] _array = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _array.AsSpan(room, Length);

    /// <summary>The room in front, and what is written.</summary>
    public Memory<byte> WithRoom => _array.AsMemory(0, room + Length);

    /// <summary>The whole array, for those who count for themselves.</summary>
    public Span<byte> Array => _array;

    public Memory<byte> Free => _array.AsMemory(room + Length);

    public void Advance(int count) => Length += count;

    /// <summary>Whole at once, where the extension of the same purpose would grow by doubling.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureCapacity(Length + Math.Max(sizeHint, 1));
        return Free;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <param name="bytes">To be written in all.</param>
    public void EnsureCapacity(int bytes)
    {
        if (_array.Length > 0 && room + bytes <= _array.Length) return;

        int size = (int)Math.Min(Math.Max(Math.Max(room + bytes, usualBytes), 2L * _array.Length), System.Array.MaxLength);
        byte[] larger = size > LargestPooled ? GC.AllocateUninitializedArray<byte>(size) : pool.Rent(size);
        if (Length > 0) Written.CopyTo(larger.AsSpan(room));
        Return();
        _array = larger;
    }

    /// <summary>Empties the buffer, and gives back what an unusual message made it grow to.</summary>
    public void Clear()
    {
        Length = 0;
        if (_array.Length > 8 * usualBytes) Release();
    }

    /// <summary>Empties the buffer and holds no memory until there is something to put into it.</summary>
    public void Release()
    {
        Length = 0;
        Return();
        _array = [];
    }

    public void Dispose() => Release();

    private void Return()
    {
        if (_array.Length is > 0 and <= LargestPooled) pool.Return(_array);
    }
}
