using System.Buffers.Binary;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Frames as a server writes them (RFC 6455 section 5.2), and as it should not.</summary>
internal static class ServerFrames
{
    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool final = true)
    {
        var head = new byte[10];
        head[0] = (byte)((final ? 0x80 : 0) | opcode);
        int length = 2;
        if (payload.Length < 126) head[1] = (byte)payload.Length;
        else if (payload.Length < 65_536)
        {
            head[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)payload.Length);
            length = 4;
        }
        else
        {
            head[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), payload.Length);
            length = 10;
        }

        return [.. head.AsSpan(0, length), .. payload];
    }

    /// <summary>What nobody may send: bytes, and a word of what is wrong.</summary>
    public static TheoryData<string, string> Violations => new()
    {
        { "C100", "reserved bits" },
        { "A100", "reserved bits" },
        { "9100", "reserved bits" },
        { "F30100", "reserved bits" },
        { "8300", "opcode 3 " },
        { "8400", "opcode 4 " },
        { "8500", "opcode 5 " },
        { "8600", "opcode 6 " },
        { "8700", "opcode 7 " },
        { "8B00", "opcode B " },
        { "8F00", "opcode F " },
        { "818500000000" + "48656C6C6F", "masked" },
        { "8180", "masked" },
        { "897E007E", "too long" },
        { "887E007E", "too long" },
        { "8A7F0000000000010000", "too long" },
        { "0900", "fragmented" },
        { "0800", "fragmented" },
        { "0A00", "fragmented" },
        { "8000", "no beginning" },
        { "0000", "no beginning" },
        { "8101788000", "no beginning" },
        { "010178" + "810179", "inside another" },
        { "0100" + "8200", "inside another" },
        { "020178" + "010179", "inside another" },
        { "817F8000000000000000", "highest bit" },
        { "827FFFFFFFFFFFFFFFFF", "highest bit" },
    };
}
