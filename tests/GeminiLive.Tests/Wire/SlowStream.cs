using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The network below a socket's send side, whose speed the test sets. Notices two sends at once, and a frame in two writes.</summary>
internal sealed class SlowStream : Stream
{
    private readonly List<(WebSocketOpcode Opcode, string Text)> _sent = [];
    private TaskCompletionSource? _blocked;
    private int _sending;

    public bool Overlapped { get; private set; }

    public Func<ValueTask>? OnSend { get; set; }

    /// <summary>Text messages.</summary>
    public string[] Sent => [.. Frames.Where(frame => frame.Opcode == WebSocketOpcode.Text).Select(frame => frame.Text)];

    /// <summary>Control frames too.</summary>
    public (WebSocketOpcode Opcode, string Text)[] Frames
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The network takes nothing until <see cref="Unblock"/>.</summary>
    public void Block() => _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Unblock() => Interlocked.Exchange(ref _blocked, null)?.SetResult();

    public void Break(Exception fault) => Interlocked.Exchange(ref _blocked, null)?.SetException(fault);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _sending, 1) != 0) Overlapped = true;
        ClientFrame frame = ClientFrame.Read(buffer.Span, out int length);
        Assert.Equal(length, buffer.Length);
        lock (_sent) _sent.Add((frame.Opcode, Encoding.UTF8.GetString(frame.Payload)));
        if (OnSend is { } onSend) await onSend();
        if (_blocked is { } blocked) await blocked.Task;
        Volatile.Write(ref _sending, 0);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
