using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.Load;

/// <summary>RFC 6455, the server's half: the handshake's answer, frames out, frames in.</summary>
internal static class WebSocketFrames
{
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;

    private const string KeyHeader = "sec-websocket-key:";
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Section 4.2.2.</summary>
    /// <param name="request">With the end of its last header.</param>
    public static byte[] Accept(ReadOnlySpan<byte> request)
    {
        var head = Encoding.ASCII.GetString(request);
        var from = head.IndexOf(KeyHeader, StringComparison.OrdinalIgnoreCase) + KeyHeader.Length;
        var key = head[from..head.IndexOf('\r', from)].Trim();
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
        return Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
    }

    /// <summary>A whole message, not masked (section 5.1).</summary>
    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload)
    {
        var head = payload.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        var frame = new byte[head + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)(head switch { 2 => payload.Length, 4 => 126, _ => 127 });
        if (head == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        if (head == 10) BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
        payload.CopyTo(frame.AsSpan(head));
        return frame;
    }

    /// <summary>Reads the frame at the beginning of what came, and unmasks its payload where it stands.</summary>
    /// <returns>The frame's length; 0 when it is not all there.</returns>
    public static int TryRead(Span<byte> data, out int opcode, out Span<byte> payload)
    {
        opcode = 0;
        payload = default;
        if (data.Length < 2) return 0;
        opcode = data[0] & 0x0F;
        long length = data[1] & 0x7F;
        var head = length switch { < 126 => 2, 126 => 4, _ => 10 };
        var masked = (data[1] & 0x80) != 0;
        var start = head + (masked ? 4 : 0);
        if (data.Length < start) return 0;
        if (head == 4) length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (head == 10) length = BinaryPrimitives.ReadInt64BigEndian(data[2..]);
        if (data.Length < start + length) return 0;
        payload = data.Slice(start, (int)length);
        if (masked) Unmask(payload, MemoryMarshal.Read<uint>(data[head..]));
        return start + (int)length;
    }

    private static void Unmask(Span<byte> payload, uint mask)
    {
        var masks = Vector.AsVectorByte(new Vector<uint>(mask));
        var at = 0;
        for (; at <= payload.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            (new Vector<byte>(payload[at..]) ^ masks).CopyTo(payload[at..]);
        for (; at < payload.Length; at++) payload[at] ^= (byte)(mask >> (8 * (at % 4)));
    }
}
