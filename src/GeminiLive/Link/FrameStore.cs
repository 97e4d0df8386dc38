using System.Buffers;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Kept frames in order, in arrays of the pool's that hold 22 each: rented when frames come, returned when those in them are forgotten.
/// Not thread-safe.
/// </summary>
internal sealed class FrameStore(ArrayPool<byte> pool) : IDisposable
{
    public const int ArrayBytes = 4096;

    private const int FramesPerArray = ArrayBytes / KeptFrame.Length;

    // A ring, a power of two long. Frames are numbered through all arrays there ever were.
    private byte[]?[] _arrays = new byte[]?[8];

    // The newest of them: what is written every 20 ms, and hardly ever found in a cache, should be one step away.
    private byte[] _newest = [];
    private long _first;
    private long _firstArray;
    private long _endArray;

    public int Count { get; private set; }

    public Span<byte> this[int frame]
    {
        get
        {
            var number = _first + frame;
            return Entry(number / FramesPerArray).AsSpan((int)(number % FramesPerArray) * KeptFrame.Length, KeptFrame.Length);
        }
    }

    /// <returns>Where to write the new last one.</returns>
    public Span<byte> Add()
    {
        var (array, place) = Math.DivRem(_first + Count++, FramesPerArray);
        if (array == _endArray)
        {
            if (_endArray - _firstArray == _arrays.Length) Grow();
            Entry(_endArray++) = _newest = pool.Rent(ArrayBytes);
        }
        return _newest.AsSpan((int)place * KeptFrame.Length, KeptFrame.Length);
    }

    public void Remove(int at, int frames)
    {
        if (at == 0) _first += frames;
        else for (var i = at + frames; i < Count; i++) this[i].CopyTo(this[i - frames]);
        Count -= frames;
        while (_firstArray < _first / FramesPerArray) Return(_firstArray++);
        while (_endArray - 1 > (_first + Math.Max(0, Count - 1)) / FramesPerArray) Return(--_endArray);
        _newest = _endArray > _firstArray ? Entry(_endArray - 1)! : [];
    }

    public void Dispose()
    {
        while (_firstArray < _endArray) Return(_firstArray++);
        (Count, _first, _newest) = (0, _firstArray * FramesPerArray, []);
    }

    private ref byte[]? Entry(long array) => ref _arrays[array & (_arrays.Length - 1)];

    private void Return(long array)
    {
        pool.Return(Entry(array)!);
        Entry(array) = null;
    }

    private void Grow()
    {
        var larger = new byte[]?[2 * _arrays.Length];
        for (var array = _firstArray; array < _endArray; array++) larger[array & (larger.Length - 1)] = Entry(array);
        _arrays = larger;
    }
}
