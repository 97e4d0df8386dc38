using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// The client's end of a WebSocket (RFC 6455) behind its upgrade, without extensions. One sender at a time, one receiver at a time;
/// the sender is <see cref="LiveWriter"/>, through which pongs go as well, and the close frame follows when it is idle: so that no lock
/// is needed to keep frames whole. While nothing comes, no memory is held for receiving, and none by the TLS stream below.
/// </summary>
internal sealed class LiveWebSocket(Stream stream, ArrayPool<byte> pool) : IDisposable
{
    // A TLS record holds no more.
    private const int ReadBytes = 16 * 1024;

    private readonly WebSocketFrameReader _reader = new();
    private byte[] _input = [];
    private int _from;
    private int _to;
    private int _closeSent;
    private volatile bool _aborted;
    private volatile bool _lost;

    /// <summary>Of the server's close frame; null when none came. <see cref="WebSocketCloseStatus.Empty"/> when it named none.</summary>
    public WebSocketCloseStatus? CloseStatus { get; private set; }

    /// <summary>The server's words in its close frame.</summary>
    public string? CloseStatusDescription { get; private set; }

    /// <summary>Sends a whole message, or a control frame, in one write.</summary>
    /// <param name="roomAndPayload"><see cref="WebSocketFrame.Room"/>, then the payload; neither is readable afterwards.</param>
    public ValueTask SendAsync(WebSocketOpcode opcode, Memory<byte> roomAndPayload) =>
        stream.WriteAsync(WebSocketFrame.Seal(opcode, roomAndPayload, MaskingKeys.OfThread.Next()));

    /// <summary>Sends the close frame, once; nothing may be sent behind it. It asks for the server's, or answers it.</summary>
    public async Task CloseOutputAsync(WebSocketCloseStatus status)
    {
        if (_aborted || _lost || Interlocked.Exchange(ref _closeSent, 1) != 0) return;

        var frame = new byte[WebSocketFrame.Room + sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(WebSocketFrame.Room), (ushort)status);
        await SendAsync(WebSocketOpcode.Close, frame).ConfigureAwait(false);
    }

    /// <summary>
    /// Receives until <paramref name="onFrame"/> has enough; ends by an exception when the connection does without a close frame. One
    /// call for the whole connection allocates once; another takes up where the last one ended.
    /// </summary>
    /// <param name="message">Gets what belongs to a message before <paramref name="onFrame"/>, which empties it at the message's end.</param>
    /// <param name="onFrame">Takes each frame, or piece of a long one; false: enough.</param>
    /// <exception cref="FrameViolationException">The server does not keep to the protocol.</exception>
    public async Task ReceiveAsync(PooledBuffer message, Func<ReceivedFrame, bool> onFrame)
    {
        while (true)
        {
            while (TryRead(message, out ReceivedFrame frame))
            {
                if (frame.Opcode == WebSocketOpcode.Close) KeepClose(frame.Control.Span);
                if (!onFrame(frame)) return;
            }

            try
            {
                if (!KeepRest())
                {
                    await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
                    _input = pool.Rent(ReadBytes);
                }

                int read = await stream.ReadAsync(_input.AsMemory(_to)).ConfigureAwait(false);
                if (read == 0) throw new EndOfStreamException("the connection ended without a close frame");
                _to += read;
            }
            catch (Exception) when (_aborted)
            {
                // However the streams below put it.
                throw new IOException("aborted here", new SocketException((int)SocketError.OperationAborted));
            }
            catch
            {
                _lost = true;
                throw;
            }
        }
    }

    /// <summary>Behind both close frames, waits until the server has closed the connection, which is its part (RFC 6455 7.1.1).</summary>
    public async Task DrainAsync()
    {
        if (_closeSent == 0 || CloseStatus is null) return;

        var unwanted = new byte[256];
        while (await stream.ReadAsync(unwanted).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <summary>Tears the connection down; whoever receives or sends is told by an exception. From any thread.</summary>
    public void Abort()
    {
        _aborted = true;
        stream.Dispose();
    }

    /// <summary>When nobody receives any more.</summary>
    public void Dispose()
    {
        Abort();
        ReleaseInput();
    }

    private bool TryRead(PooledBuffer message, out ReceivedFrame frame)
    {
        bool read = _reader.TryRead(_input.AsMemory(_from, _to - _from), message, out int used, out frame);
        _from += used;
        return read;
    }

    /// <returns>False when everything was used: then nothing is held.</returns>
    private bool KeepRest()
    {
        if (_from == _to)
        {
            ReleaseInput();
            return false;
        }

        _input.AsSpan(_from.._to).CopyTo(_input);
        (_from, _to) = (0, _to - _from);
        return true;
    }

    // RFC 6455 5.5.1, 7.4.1 and 7.4.2.
    private void KeepClose(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            (CloseStatus, CloseStatusDescription) = (WebSocketCloseStatus.Empty, "");
            return;
        }

        int code = payload.Length < sizeof(ushort) ? 0 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (code is not ((>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)))
            throw new FrameViolationException(WebSocketCloseStatus.ProtocolError, "a close frame has no valid code (RFC 6455 7.4)");

        // Words that are not quite UTF-8 still explain more than none.
        (CloseStatus, CloseStatusDescription) = ((WebSocketCloseStatus)code, Encoding.UTF8.GetString(payload[sizeof(ushort)..]));
    }

    private void ReleaseInput()
    {
        if (_input.Length > 0) pool.Return(_input);
        (_input, _from, _to) = ([], 0, 0);
    }
}
