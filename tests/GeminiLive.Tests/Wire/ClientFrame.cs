using System.Buffers.Binary;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>What a client sent, taken apart byte by byte as RFC 6455 section 5.2 draws it, and held to what it demands of clients.</summary>
internal sealed record ClientFrame(WebSocketOpcode Opcode, byte[] Payload, uint Key)
{
    /// <param name="length">Of the frame in the bytes.</param>
    public static ClientFrame Read(ReadOnlySpan<byte> bytes, out int length)
    {
        Assert.Equal(0x80, bytes[0] & 0xF0);
        Assert.Equal(0x80, bytes[1] & 0x80);
        long payload = bytes[1] & 0x7F;
        int head = 2;
        if (payload == 126)
        {
            payload = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            Assert.True(payload > 125, "not the shortest form");
            head = 4;
        }
        else if (payload == 127)
        {
            payload = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
            Assert.True(payload > ushort.MaxValue, "not the shortest form");
            head = 10;
        }

        ReadOnlySpan<byte> key = bytes.Slice(head, 4);
        byte[] clear = bytes.Slice(head + 4, (int)payload).ToArray();
        for (int i = 0; i < clear.Length; i++) clear[i] ^= key[i % 4];
        length = head + 4 + clear.Length;
        return new ClientFrame((WebSocketOpcode)(bytes[0] & 0x0F), clear, BinaryPrimitives.ReadUInt32BigEndian(key));
    }

    public static List<ClientFrame> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<ClientFrame>();
        while (!bytes.IsEmpty)
        {
            frames.Add(Read(bytes, out int length));
            bytes = bytes[length..];
        }

        return frames;
    }
}
