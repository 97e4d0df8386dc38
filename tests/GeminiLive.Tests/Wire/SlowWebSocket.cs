using System.Net.WebSockets;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The send side of a socket whose speed the test sets. Notices two sends at once.</summary>
internal sealed class SlowWebSocket : WebSocket
{
    private readonly List<string> _sent = [];
    private TaskCompletionSource? _blocked;
    private int _sending;

    public bool Overlapped { get; private set; }

    public Func<ValueTask>? OnSend { get; set; }

    public string[] Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => WebSocketState.Open;

    public override string? SubProtocol => null;

    /// <summary>The network takes nothing until <see cref="Unblock"/>.</summary>
    public void Block() => _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Unblock() => Interlocked.Exchange(ref _blocked, null)?.SetResult();

    public void Break(Exception fault) => Interlocked.Exchange(ref _blocked, null)?.SetException(fault);

    public override async ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, WebSocketMessageFlags messageFlags, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _sending, 1) != 0) Overlapped = true;
        lock (_sent) _sent.Add(Encoding.UTF8.GetString(buffer.Span));
        if (OnSend is { } onSend) await onSend();
        if (_blocked is { } blocked) await blocked.Task;
        Volatile.Write(ref _sending, 0);
    }

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override void Abort() => Break(new WebSocketException("aborted"));

    public override void Dispose()
    {
    }
}
