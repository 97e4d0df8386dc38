using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Unicode;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A server's frames out of bytes as they come, in any pieces (RFC 6455 sections 5.2 to 5.5). Payload goes on as it comes, so that a
/// length that is announced reserves little; a control frame, never longer than 125 bytes, is taken when it is whole.
/// No extension is offered, so that every reserved bit is a violation.
/// </summary>
internal sealed class WebSocketFrameReader
{
    // The largest usual message: 15,360 bytes of audio in base64, with its JSON.
    private const int UsualMessageBytes = 24 * 1024;

    // Continuation: no message is under way.
    private WebSocketOpcode _message;
    private bool _final;
    private long _left;

    /// <param name="input">What has come and was not used yet.</param>
    /// <param name="message">The message under way; whoever empties it does so behind its end only.</param>
    /// <param name="used">How much of <paramref name="input"/> is not needed again, also when nothing could be read.</param>
    /// <returns>False: more has to come first.</returns>
    /// <exception cref="FrameViolationException">The server does not keep to the protocol.</exception>
    public bool TryRead(ReadOnlyMemory<byte> input, PooledBuffer message, out int used, out ReceivedFrame frame)
    {
        used = 0;
        frame = default;
        if (_left == 0)
        {
            if (!TryReadHead(input.Span, out WebSocketOpcode opcode, out bool final, out long length, out int head)) return false;
            if (opcode >= WebSocketOpcode.Close)
            {
                if (input.Length < head + length) return false;

                used = head + (int)length;
                frame = new ReceivedFrame(opcode, 0, true, input[head..used]);
                return true;
            }

            if (opcode != WebSocketOpcode.Continuation) _message = opcode;
            _final = final;
            _left = length;
            used = head;
            message.EnsureCapacity(message.Length + (int)Math.Min(length, UsualMessageBytes));
        }

        int count = (int)Math.Min(_left, input.Length - used);
        if (count == 0 && _left > 0) return false;

        if (count > 0) message.Append(input.Span.Slice(used, count));
        used += count;
        _left -= count;
        bool end = _final && _left == 0;
        frame = new ReceivedFrame(_message, count, end, default);
        if (end) EndMessage(message.Written);
        return true;
    }

    private void EndMessage(ReadOnlySpan<byte> message)
    {
        // Section 8.1.
        if (_message == WebSocketOpcode.Text && !Utf8.IsValid(message))
            throw new FrameViolationException(WebSocketCloseStatus.InvalidPayloadData, "a text message is not UTF-8 (RFC 6455 8.1)");
        _message = WebSocketOpcode.Continuation;
    }

    private bool TryReadHead(ReadOnlySpan<byte> bytes, out WebSocketOpcode opcode, out bool final, out long length, out int head)
    {
        (opcode, final, length, head) = (default, false, 0, 2);
        if (bytes.Length < head) return false;

        opcode = (WebSocketOpcode)(bytes[0] & WebSocketFrame.OpcodeBits);
        final = (bytes[0] & WebSocketFrame.Fin) != 0;
        length = bytes[1] & WebSocketFrame.LengthBits;
        if (FindViolation(bytes[0], bytes[1], opcode, final) is { } violation) throw Violation(violation);

        switch (length)
        {
            case WebSocketFrame.Length16:
                head += sizeof(ushort);
                if (bytes.Length < head) return false;
                length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
                break;
            case WebSocketFrame.Length64:
                head += sizeof(ulong);
                if (bytes.Length < head) return false;
                length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
                if (length < 0) throw Violation("a length has its highest bit set (RFC 6455 5.2)");
                break;
        }

        return true;
    }

    private string? FindViolation(byte first, byte second, WebSocketOpcode opcode, bool final)
    {
        if ((first & WebSocketFrame.Reserved) != 0) return "a frame has reserved bits set (RFC 6455 5.2)";
        if ((second & WebSocketFrame.Masked) != 0) return "a server's frame is masked (RFC 6455 5.1)";

        switch (opcode)
        {
            case WebSocketOpcode.Continuation:
                return _message == WebSocketOpcode.Continuation ? "a continuation has no beginning (RFC 6455 5.4)" : null;
            case WebSocketOpcode.Text or WebSocketOpcode.Binary:
                return _message != WebSocketOpcode.Continuation ? "a message begins inside another (RFC 6455 5.4)" : null;
            case WebSocketOpcode.Close or WebSocketOpcode.Ping or WebSocketOpcode.Pong:
                if (!final) return "a control frame is fragmented (RFC 6455 5.5)";
                return (second & WebSocketFrame.LengthBits) > WebSocketFrame.MaxControlBytes ? "a control frame is too long (RFC 6455 5.5)" : null;
            default:
                return $"opcode {(byte)opcode:X} is reserved (RFC 6455 5.2)";
        }
    }

    private static FrameViolationException Violation(string what) => new(WebSocketCloseStatus.ProtocolError, what);
}
