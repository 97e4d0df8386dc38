using System.Collections.Concurrent;

namespace VoiceGateway.Rtp;

/// <summary>
/// Digits that wait for the clock, 64 at most: more come from no telephone, and to none. Its memory is made with the first one: most calls have none, and every tick
/// asks. Any thread adds, the clock's takes. A field, not to be copied.
/// </summary>
public struct DigitQueue<T>
{
    private const int Most = 64;

    private ConcurrentQueue<T>? _queue;

    public bool IsEmpty => Volatile.Read(ref _queue) is not { IsEmpty: false };

    /// <returns>False: too many wait.</returns>
    public bool TryAdd(T digit)
    {
        var queue = LazyInitializer.EnsureInitialized(ref _queue);
        if (queue.Count >= Most) return false;
        queue.Enqueue(digit);
        return true;
    }

    public bool TryTake(out T? digit)
    {
        digit = default;
        return Volatile.Read(ref _queue) is { } queue && queue.TryDequeue(out digit);
    }

    public void Clear() => Volatile.Read(ref _queue)?.Clear();
}
