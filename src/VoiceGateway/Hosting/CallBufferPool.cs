using System.Buffers;
using VoiceGateway.Media;

namespace VoiceGateway.Hosting;

/// <summary>
/// The buffers of all calls: what is spoken faster than it is heard, what may have to be said again, messages. A thousand calls hold ten thousands of the
/// small ones, and the library's pools keep far fewer of a size: beyond that every rent on the audio path would be an allocation. Here the small size
/// has no limit but what was once in use at the same time; the others are the library's.
/// </summary>
internal sealed class CallBufferPool : ArrayPool<byte>
{
    // Of playout and of kept speech alike.
    private const int Small = PlayoutQueue.BlockBytes;

    // A message at most (the longest that is received), and as many at once as connections that are being spoken to.
    private readonly ArrayPool<byte> _others = Create(maxArrayLength: 4 * 1024 * 1024, maxArraysPerBucket: 1024);
    private readonly Stack<byte[]> _small = new();

    public override byte[] Rent(int minimumLength)
    {
        if (!IsSmall(minimumLength)) return _others.Rent(minimumLength);
        lock (_small)
            if (_small.TryPop(out var array)) return array;
        return GC.AllocateUninitializedArray<byte>(Small);
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (!IsSmall(array.Length))
        {
            _others.Return(array, clearArray);
            return;
        }
        if (clearArray) array.AsSpan().Clear();
        lock (_small) _small.Push(array);
    }

    private static bool IsSmall(int length) => length is > Small / 2 and <= Small;
}
