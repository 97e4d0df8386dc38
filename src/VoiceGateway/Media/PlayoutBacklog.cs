using System.Buffers;

namespace VoiceGateway.Media;

/// <summary>
/// All that waits, in the order in which it came. What was queued for a line before stays as it is and is converted as it leaves, so that
/// a change of codec takes no longer for a long reply than for a short one. Not thread-safe: its owner locks.
/// <code>
///   Write  ─▶ │ as the line queues it │ ─────────────▶ Read
///   Change        └─▶ │ PlayoutCarry │ ─▶ convert ─────▲
/// </code>
/// </summary>
internal sealed class PlayoutBacklog(PlayoutLine line, int maxSeconds, ArrayPool<byte> pool) : IDisposable
{
    private readonly List<PlayoutCarry> _carried = [];
    private PlayoutQueue _queue = new(line.BytesPerSecond * maxSeconds, pool);
    private PlayoutLine _line = line;
    private bool _disposed;

    /// <summary>Bytes, as the line queues them.</summary>
    public int Count => Carried + _queue.Count;

    private int Carried
    {
        get
        {
            var bytes = 0;
            foreach (var carry in _carried) bytes += carry.Count;
            return bytes;
        }
    }

    /// <returns>How many bytes were taken; fewer than given when the longest reply is reached.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        if (_disposed) return 0;
        _queue.MaxBytes = _line.BytesPerSecond * maxSeconds - Carried;
        return _queue.Write(bytes);
    }

    /// <returns>How many bytes were there, at most the length of <paramref name="bytes"/>.</returns>
    public int Read(Span<byte> bytes)
    {
        var taken = 0;
        while (_carried.Count > 0)
        {
            taken += _carried[0].Read(bytes[taken..]);
            if (_carried[0].Count > 0) return taken;
            _carried[0].Dispose();
            _carried.RemoveAt(0);
        }
        return taken + _queue.Read(bytes[taken..]);
    }

    public void Clear()
    {
        foreach (var carry in _carried) carry.Dispose();
        _carried.Clear();
        _queue.Clear();
    }

    /// <summary>From now on another line reads, and writes.</summary>
    /// <returns>Bytes that the longest reply has no room for any more.</returns>
    public int Change(PlayoutLine line)
    {
        var before = _line;
        _line = line;
        if (_disposed || line.QueuesAs(before)) return 0;
        if (before.IsUnknown) return TakeIn();
        for (var i = 0; i < _carried.Count; i++) _carried[i] = _carried[i].For(line.Queued);
        if (_queue.Count == 0) return 0;
        _carried.Add(new PlayoutCarry(_queue, before.Queued, line.Queued));
        _queue = new PlayoutQueue(0, pool);
        return 0;
    }

    public void Dispose()
    {
        _disposed = true;
        Clear();
        _queue.Dispose();
    }

    // At once: nothing leaves yet for which the time would matter, and the line's own filters are to go on with what follows.
    private int TakeIn()
    {
        var waiting = new byte[_queue.Count];
        _queue.Read(waiting);
        var bytes = _line.TakeIn(waiting);
        return bytes.Length - Write(bytes);
    }
}
