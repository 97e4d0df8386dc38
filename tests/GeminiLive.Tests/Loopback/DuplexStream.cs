namespace VoiceGateway.GeminiLive.Tests;

/// <summary>One end of a connection in memory. A read without a buffer waits for data, as those of sockets and TLS do.</summary>
internal sealed class DuplexStream : Stream
{
    private readonly Lock _gate = new();
    private readonly Queue<byte> _incoming = new();
    private readonly Func<int> _most;
    private TaskCompletionSource? _more;
    private DuplexStream _peer = null!;
    private bool _ended;
    private bool _disposed;

    private DuplexStream(Func<int> most) => _most = most;

    /// <summary>Buffer of the read that waits; null when none does.</summary>
    public int? WaitsWith { get; private set; }

    /// <summary>Reads with a buffer.</summary>
    public int Reads { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <param name="most">Bytes that the next read gives at most.</param>
    public static (DuplexStream Client, DuplexStream Server) Pair(Func<int>? most = null)
    {
        var client = new DuplexStream(most ?? (static () => int.MaxValue));
        var server = new DuplexStream(most ?? (static () => int.MaxValue)) { _peer = client };
        client._peer = server;
        return (client, server);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                WaitsWith = null;
                if (_incoming.Count > 0 || _ended) return Take(buffer.Span);

                WaitsWith = buffer.Length;
                _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate) ObjectDisposedException.ThrowIf(_disposed, this);
        lock (_peer._gate)
        {
            foreach (byte one in buffer.Span) _peer._incoming.Enqueue(one);
            _peer.Wake();
        }

        return default;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _disposed = true;
            Wake();
        }

        lock (_peer._gate)
        {
            _peer._ended = true;
            _peer.Wake();
        }

        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        Reads++;
        int count = Math.Min(Math.Min(buffer.Length, _incoming.Count), _most());
        for (int i = 0; i < count; i++) buffer[i] = _incoming.Dequeue();
        return count;
    }

    private void Wake() => Interlocked.Exchange(ref _more, null)?.SetResult();
}
