using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// Reads a response (RFC 1035 section 4). The bytes are whoever's: every length is checked, names are followed backwards only and for
/// a bounded number of jumps, and whatever does not add up makes the whole message unreadable. Never throws.
/// </summary>
internal ref struct DnsMessageReader
{
    private const int HeaderLength = 12;
    private const int MostRecords = 512;
    private const int MostJumps = 16;
    private const int LongestName = 255;

    private readonly ReadOnlySpan<byte> _message;
    private int _at;

    private DnsMessageReader(ReadOnlySpan<byte> message) => _message = message;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out DnsMessage? message) => new DnsMessageReader(bytes).TryReadMessage(out message);

    private bool TryReadMessage(out DnsMessage? message)
    {
        message = null;
        if (_message.Length < HeaderLength)
            return false;
        ushort id = UInt16At(0), flags = UInt16At(2);
        int questions = UInt16At(4), answers = UInt16At(6), authorities = UInt16At(8), additionals = UInt16At(10);
        bool isResponse = (flags & 0x8000) != 0, isStandard = (flags & 0x7800) == 0, isTruncated = (flags & 0x0200) != 0;
        if (!isResponse || !isStandard || questions > 1 || answers + authorities + additionals > MostRecords)
            return false;
        _at = HeaderLength;
        DnsQuestion? question = null;
        if (questions == 1)
        {
            if (!TryReadQuestion(out var echo))
                return false;
            question = echo;
        }

        int code = flags & 0x000F;
        if (isTruncated)
        {
            message = new DnsMessage(id, true, code, question, [], null);
            return true;
        }

        List<DnsRecord> found = [];
        DnsZoneRecord? zone = null;
        for (int i = 0; i < answers + authorities + additionals; i++)
        {
            if (!TryReadRecord(out var record, ref code))
                return false;
            if (record is not null && i < answers)
                found.Add(record);
            else if (record is DnsZoneRecord soa && i < answers + authorities)
                zone ??= soa;
        }

        message = new DnsMessage(id, false, code, question, found, zone);
        return true;
    }

    private bool TryReadQuestion(out DnsQuestion question)
    {
        question = default;
        if (!TryReadName(out var name) || !TryReadUInt16(out ushort type) || !TryReadUInt16(out ushort @class) || @class != 1)
            return false;
        question = new DnsQuestion(name, (DnsType)type);
        return true;
    }

    /// <summary>Null with true: a record of a type or class that we do not know.</summary>
    private bool TryReadRecord(out DnsRecord? record, ref int code)
    {
        record = null;
        if (!TryReadName(out var name) || !TryReadUInt16(out ushort type) || !TryReadUInt16(out ushort @class)
            || !TryReadUInt32(out uint ttl) || !TryReadUInt16(out ushort length) || _message.Length - _at < length)
        {
            return false;
        }

        int end = _at + length;
        if ((DnsType)type == DnsType.Opt)
            code |= (int)(ttl >> 24) << 4; // RFC 6891 section 6.1.3
        else if (@class == 1 && !TryReadData(name, (DnsType)type, ttl > int.MaxValue ? 0 : ttl, length, end, out record))
            return false;
        _at = end;
        return true;
    }

    // A TTL with the top bit set counts as 0 (RFC 2181 section 8).
    private bool TryReadData(string name, DnsType type, uint ttl, int length, int end, out DnsRecord? record)
    {
        record = null;
        switch (type)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
                record = new DnsAddressRecord(name, type, ttl, new IPAddress(_message.Slice(_at, length)));
                return true;
            case DnsType.A or DnsType.Aaaa:
                return false;
            case DnsType.Cname:
                if (!TryReadName(out var alias) || _at != end)
                    return false;
                record = new DnsAliasRecord(name, ttl, alias);
                return true;
            case DnsType.Soa:
                return TryReadZone(name, ttl, end, out record);
            case DnsType.Srv:
                return TryReadService(name, ttl, end, out record);
            case DnsType.Naptr:
                return TryReadNaptr(name, ttl, end, out record);
            default:
                return true;
        }
    }

    private bool TryReadZone(string name, uint ttl, int end, out DnsRecord? record)
    {
        record = null;
        if (!TryReadName(out _) || !TryReadName(out _) || end - _at != 20)
            return false;
        _at += 16; // serial, refresh, retry, expire: between servers
        if (!TryReadUInt32(out uint minimum))
            return false;
        record = new DnsZoneRecord(name, ttl, minimum);
        return true;
    }

    private bool TryReadService(string name, uint ttl, int end, out DnsRecord? record)
    {
        record = null;
        if (!TryReadUInt16(out ushort priority) || !TryReadUInt16(out ushort weight) || !TryReadUInt16(out ushort port)
            || !TryReadName(out var target) || _at != end)
        {
            return false;
        }

        record = new DnsServiceRecord(name, ttl, priority, weight, port, target);
        return true;
    }

    private bool TryReadNaptr(string name, uint ttl, int end, out DnsRecord? record)
    {
        record = null;
        if (!TryReadUInt16(out ushort order) || !TryReadUInt16(out ushort preference) || !TryReadText(out var flags)
            || !TryReadText(out var service) || !TryReadText(out var regexp) || !TryReadName(out var replacement) || _at != end)
        {
            return false;
        }

        record = new DnsNaptrRecord(name, ttl, order, preference, flags, service, regexp, replacement);
        return true;
    }

    /// <summary>A character-string: one byte of length, then so many.</summary>
    private bool TryReadText(out string text)
    {
        text = "";
        if (_at >= _message.Length || _message.Length - _at - 1 < _message[_at])
            return false;
        text = Encoding.Latin1.GetString(_message.Slice(_at + 1, _message[_at]));
        _at += 1 + text.Length;
        return true;
    }

    /// <summary>
    /// A name in lower case, its compression resolved (section 4.1.4). Each pointer must lead to before where it was met from, so
    /// that no chain of them can go round. Bytes that no host name has are escaped as in zone files, and match no host name then.
    /// </summary>
    private bool TryReadName(out string name)
    {
        name = "";
        var text = new StringBuilder(64);
        int at = _at, behind = -1, earliest = _at, jumps = 0, octets = 1;
        while (true)
        {
            if (at >= _message.Length)
                return false;
            int length = _message[at];
            if (length >= 0xC0)
            {
                if (at + 1 >= _message.Length || ++jumps > MostJumps)
                    return false;
                if (behind < 0)
                    behind = at + 2;
                int target = (length & 0x3F) << 8 | _message[at + 1];
                if (target >= earliest)
                    return false;
                at = earliest = target;
                continue;
            }

            at++;
            if (length == 0)
                break;
            octets += length + 1;
            if (length > 63 || octets > LongestName || _message.Length - at < length)
                return false;
            if (text.Length > 0)
                text.Append('.');
            AppendLabel(text, _message.Slice(at, length));
            at += length;
        }

        _at = behind < 0 ? at : behind;
        name = text.ToString();
        return true;
    }

    private static void AppendLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        foreach (byte b in label)
        {
            if (b is > (byte)' ' and < 0x7F and not ((byte)'.' or (byte)'\\'))
                text.Append(char.ToLowerInvariant((char)b));
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{b:D3}");
        }
    }

    private readonly ushort UInt16At(int at) => BinaryPrimitives.ReadUInt16BigEndian(_message[at..]);

    private bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_message[_at..], out value))
            return false;
        _at += 2;
        return true;
    }

    private bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_message[_at..], out value))
            return false;
        _at += 4;
        return true;
    }
}
