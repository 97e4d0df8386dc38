using System.Buffers.Binary;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A client's frame (RFC 6455 section 5.2), made where its payload lies, so that head and payload leave in one write:
/// <code>
/// | room of 14 bytes                                         | payload          |
/// |  unused  | FIN, opcode | 1, length | (length) | key of 4 | masked in place  |
///            '------------------------ frame -------------------------------'
/// </code>
/// </summary>
internal static class WebSocketFrame
{
    /// <summary>The longest head: two bytes, a length of 64 bits, the masking key. Left free in front of every payload.</summary>
    public const int Room = 2 + sizeof(ulong) + MaskBytes;

    /// <summary>Section 5.5: of a control frame's payload.</summary>
    public const int MaxControlBytes = 125;

    internal const byte Fin = 0x80, Reserved = 0x70, OpcodeBits = 0x0F, Masked = 0x80, LengthBits = 0x7F;
    internal const int Length16 = 126, Length64 = 127;

    private const int MaskBytes = sizeof(uint);

    /// <param name="buffer"><see cref="Room"/>, then the payload, which is not readable afterwards.</param>
    /// <param name="key">Used for no other frame (section 5.3).</param>
    /// <returns>The whole message in one frame, a part of <paramref name="buffer"/>.</returns>
    public static ReadOnlyMemory<byte> Seal(WebSocketOpcode opcode, Memory<byte> buffer, uint key)
    {
        Span<byte> bytes = buffer.Span;
        int length = bytes.Length - Room;
        int extended = length < Length16 ? 0 : length <= ushort.MaxValue ? sizeof(ushort) : sizeof(ulong);
        int start = Room - 2 - extended - MaskBytes;

        bytes[start] = (byte)(Fin | (byte)opcode);
        bytes[start + 1] = (byte)(Masked | (extended switch { 0 => length, sizeof(ushort) => Length16, _ => Length64 }));
        if (extended == sizeof(ushort)) BinaryPrimitives.WriteUInt16BigEndian(bytes[(start + 2)..], (ushort)length);
        if (extended == sizeof(ulong)) BinaryPrimitives.WriteUInt64BigEndian(bytes[(start + 2)..], (ulong)length);

        // The key's four bytes in the order in which they lie here are those that the payload is masked with.
        BitConverter.TryWriteBytes(bytes[(Room - MaskBytes)..], key);
        WebSocketMask.Apply(bytes[Room..], key);
        return buffer[start..];
    }
}
