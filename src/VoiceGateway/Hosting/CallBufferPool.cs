using System.Buffers;
using System.Numerics;
using VoiceGateway.Media;

namespace VoiceGateway.Hosting;

/// <summary>
/// The buffers of all calls: what is spoken faster than it is heard, what may have to be said again, messages. A thousand calls hold ten thousands of the
/// small ones, and the library's pools keep far fewer of a size: beyond that every rent on the audio path would be an allocation. Here the small sizes
/// have no limit but what was once in use at the same time; the others are the library's.
/// </summary>
internal sealed class CallBufferPool : ArrayPool<byte>
{
    private const int PlayoutBlock = PlayoutQueue.BlockBytes;
    private const int KeptSpeech = 4096;

    // A message at most (the longest that is received), and as many at once as connections that are being spoken to.
    private readonly ArrayPool<byte> _others = Create(maxArrayLength: 4 * 1024 * 1024, maxArraysPerBucket: 1024);
    private readonly Stack<byte[]> _playoutBlocks = new();
    private readonly Stack<byte[]> _keptSpeech = new();

    public override byte[] Rent(int minimumLength)
    {
        if (FreeOf(minimumLength) is not { } free) return _others.Rent(minimumLength);
        lock (free)
            if (free.TryPop(out var array)) return array;
        return GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)minimumLength));
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (FreeOf(array.Length) is not { } free)
        {
            _others.Return(array, clearArray);
            return;
        }
        if (clearArray) array.AsSpan().Clear();
        lock (free) free.Push(array);
    }

    private Stack<byte[]>? FreeOf(int length) => length switch
    {
        > PlayoutBlock / 2 and <= PlayoutBlock => _playoutBlocks,
        > KeptSpeech / 2 and <= KeptSpeech => _keptSpeech,
        _ => null,
    };
}
