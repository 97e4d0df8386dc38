namespace VoiceGateway.LiveSimulator;

/// <summary>
/// The bytes under a WebSocket. The WebSocket writes one whole frame at a time, so that pongs can be told from the rest: they can be
/// held back, or be all that is let through; or nothing passes any more, in either direction.
/// </summary>
internal sealed class WireStream(Stream inner, StandingFaults faults, TimeProvider time) : Stream
{
    // FIN and opcode 0xA (RFC 6455, 5.5.3).
    private const byte PongFrame = 0x8A;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
    private volatile bool _mute;
    private volatile bool _frozen;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on only pongs are written.</summary>
    public void Mute() => _mute = true;

    /// <summary>From now on nothing is read or written.</summary>
    public void Freeze() => _frozen = true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _frozen ? 0 : await inner.ReadAsync(buffer, cancellationToken);
        if (!_frozen)
            return read;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, until.Token);
        return 0;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var isPong = buffer.Span is [PongFrame, ..];
        if (_frozen || (_mute && !isPong))
            return;
        if (isPong && faults.Take<Fault.DelayPongs>() is { } delay)
        {
            _ = WriteLaterAsync(buffer.ToArray(), delay.By);
            return;
        }

        await WriteFrameAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _frozen ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _disposed.Cancel();
        inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Ends by itself, whatever becomes of the connection.</summary>
    private async Task WriteLaterAsync(byte[] frame, TimeSpan by)
    {
        try
        {
            await Task.Delay(by, time, _disposed.Token);
            if (!_frozen)
                await WriteFrameAsync(frame, _disposed.Token);
        }
        catch (Exception fault) when (Outbox.IsGone(fault))
        {
        }
    }

    private async Task WriteFrameAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(frame, cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
