using System.Buffers.Binary;

namespace VoiceGateway.Sip;

/// <summary>Writes a query (RFC 1035 section 4.1) with recursion desired.</summary>
internal static class DnsQuery
{
    /// <summary>Header, the longest name, type and class, EDNS.</summary>
    public const int LongestLength = 12 + 255 + 4 + 11;

    /// <summary>What answers over UDP may be long: no fragments on any path that carries IPv6 (RFC 9715).</summary>
    public const ushort LargestAnswer = 1232;

    /// <summary>False when the name cannot stand in a query: an empty label, or one too long.</summary>
    /// <param name="buffer">At least <see cref="LongestLength"/> long.</param>
    /// <param name="id">Not to be guessed.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="withEdns">Adds the size of answers that we take (RFC 6891).</param>
    /// <param name="length">Bytes written.</param>
    public static bool TryWrite(Span<byte> buffer, ushort id, DnsQuestion question, bool withEdns, out int length)
    {
        length = 12;
        buffer[..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(buffer, id);
        buffer[2] = 0x01; // recursion desired
        buffer[5] = 1;
        buffer[11] = (byte)(withEdns ? 1 : 0);
        var name = question.Name.AsSpan();
        if (name.Length is 0 or > 253)
            return false;
        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            if (label.Length is 0 or > 63)
                return false;
            buffer[length++] = (byte)label.Length;
            foreach (char c in label)
            {
                if (c is <= ' ' or >= '\u007f' or '\\')
                    return false;
                buffer[length++] = (byte)c;
            }
        }

        buffer[length++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[length..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(length + 2)..], 1);
        length += 4;
        if (!withEdns)
            return true;
        buffer.Slice(length, 11).Clear(); // the root's name, no flags, no options
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(length + 1)..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(length + 3)..], LargestAnswer);
        length += 11;
        return true;
    }
}
