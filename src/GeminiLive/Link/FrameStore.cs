using System.Buffers;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Kept frames of one length in order, in small arrays of the pool's (16 narrowband or 8 wideband frames each): rented when frames come,
/// returned when those in them are forgotten. Not thread-safe.
/// </summary>
internal sealed class FrameStore(ArrayPool<byte> pool, int frameBytes) : IDisposable
{
    public const int ArrayBytes = 2048;

    private readonly int _framesPerArray = ArrayBytes / frameBytes;

    // A ring, a power of two long: 10 s of a narrowband line until it has to grow. Frames are numbered through all arrays there ever were.
    private byte[]?[] _arrays = new byte[]?[32];

    // The newest of them: what is written every 20 ms, and hardly ever found in a cache, should be one step away.
    private byte[] _newest = [];
    private long _first;
    private long _firstArray;
    private long _endArray;

    public int Count { get; private set; }

    public int FrameBytes => frameBytes;

    public Span<byte> this[int frame]
    {
        get
        {
            var number = _first + frame;
            return Entry(number / _framesPerArray).AsSpan((int)(number % _framesPerArray) * frameBytes, frameBytes);
        }
    }

    /// <returns>Where to write the new last one.</returns>
    public Span<byte> Add()
    {
        var (array, place) = Math.DivRem(_first + Count++, _framesPerArray);
        if (array == _endArray)
        {
            if (_endArray - _firstArray == _arrays.Length) Grow();
            Entry(_endArray++) = _newest = pool.Rent(ArrayBytes);
        }
        return _newest.AsSpan((int)place * frameBytes, frameBytes);
    }

    public void Remove(int at, int frames)
    {
        if (at == 0) _first += frames;
        else for (var i = at + frames; i < Count; i++) this[i].CopyTo(this[i - frames]);
        Count -= frames;
        while (_firstArray < _first / _framesPerArray) Return(_firstArray++);
        while (_endArray - 1 > (_first + Math.Max(0, Count - 1)) / _framesPerArray) Return(--_endArray);
        _newest = _endArray > _firstArray ? Entry(_endArray - 1)! : [];
    }

    public void Dispose()
    {
        while (_firstArray < _endArray) Return(_firstArray++);
        (Count, _first, _newest) = (0, _firstArray * _framesPerArray, []);
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
