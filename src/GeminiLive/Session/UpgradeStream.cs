namespace VoiceGateway.GeminiLive;

/// <summary>
/// What an HTTP client hears the answer to an upgrade through. No read goes beyond the end of a head, so that the client holds nothing of what
/// the server says behind it, and the connection can go on without the client: its buffers and its part of every read and write.
/// <code>
///   connection ─▶ HTTP/1.1 101 …⏎ Upgrade: …⏎ ⏎ ┆ frames …
///                 └──────── the client ────────┘ └─ Detach ─▶ LiveWebSocket
/// </code>
/// </summary>
internal sealed class UpgradeStream(Stream connection) : ConnectionStream
{
    // Read from the connection, and not by the client yet.
    private ReadOnlyMemory<byte> _rest;
    private int _lineLength;
    private bool _detached;
    private bool _isBehindHead;

    /// <summary>The client is done with the connection, and may dispose of this.</summary>
    public Stream Detach()
    {
        _detached = true;
        // A server that speaks first: seldom, and then what it said is read before the rest.
        return _rest.IsEmpty ? connection : new UpgradeStream(connection) { _rest = _rest, _isBehindHead = true };
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = Math.Min(_rest.Length, buffer.Length);
        if (_rest.IsEmpty) read = await connection.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        else _rest.Span[..read].CopyTo(buffer.Span);

        int head = _isBehindHead ? read : UpToHead(buffer.Span[..read]);
        if (_rest.IsEmpty) _rest = head < read ? buffer[head..read].ToArray() : default;
        else _rest = _rest[head..];
        return head;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_detached) connection.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// An empty line ends a head (RFC 9112 section 2.1), also after a lone LF (section 2.2); one in a body cuts a read short, which is no harm.
    /// </summary>
    /// <returns>How many of the bytes belong to it, all when it does not end here.</returns>
    private int UpToHead(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                if (_lineLength == 0) return i + 1;
                _lineLength = 0;
            }
            else if (bytes[i] != (byte)'\r')
            {
                _lineLength++;
            }
        }

        return bytes.Length;
    }
}
