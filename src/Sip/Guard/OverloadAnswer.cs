using System.Buffers.Text;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// 503 to a request that is not even read (RFC 3261 sections 8.2.7 and 21.5.4): Via, From, To, Call-ID and CSeq are copied as bytes,
/// received and rport filled in (RFC 3581 section 4). Nothing is allocated.
/// </summary>
internal ref struct OverloadAnswer
{
    private readonly Span<byte> _destination;
    private int _length;
    private bool _isTooLong;

    private OverloadAnswer(Span<byte> destination) => _destination = destination;

    /// <summary>What follows the copied headers; the same for every answer.</summary>
    public static byte[] CreateTail(TimeSpan retryAfter, string server) => Encoding.UTF8.GetBytes(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Retry-After: {(int)retryAfter.TotalSeconds}\r\nServer: {server}\r\nContent-Length: 0\r\n\r\n"));

    /// <summary>Writes the answer.</summary>
    /// <param name="headers">The request behind its start line.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="tail">See <see cref="CreateTail"/>.</param>
    /// <param name="destination">Where the answer is written.</param>
    /// <param name="port">The port it goes to over UDP: the source's with rport, else that of the Via.</param>
    /// <returns>The length; 0 when there is none: within a dialog, where a repeat does better, or when it does not fit or makes no sense.</returns>
    public static int Write(ReadOnlySpan<byte> headers, IPEndPoint source, ReadOnlySpan<byte> tail, Span<byte> destination, out int port)
    {
        port = source.Port;
        var answer = new OverloadAnswer(destination);
        answer.Put("SIP/2.0 503 Service Unavailable\r\n"u8);
        int vias = 0, froms = 0, tos = 0, callIds = 0, sequences = 0;
        var branch = RawHeaders.TopBranch(headers);
        var lines = new RawHeaders(headers);
        while (lines.Next())
        {
            if (lines.Is("via"u8, (byte)'v'))
            {
                answer.Put("Via: "u8);
                if (vias++ > 0)
                    answer.Put(lines.Value);
                else if (!answer.PutTopVia(lines.Value, source, out port))
                    return 0;
            }
            else if (lines.Is("from"u8, (byte)'f'))
            {
                froms++;
                answer.Put("From: "u8, lines.Value);
            }
            else if (lines.Is("to"u8, (byte)'t'))
            {
                tos++;
                if (!RawHeaders.Parameter(RawHeaders.BehindAddress(lines.Value), "tag"u8).IsEmpty)
                    return 0;
                answer.Put("To: "u8, lines.Value);
                answer.PutTag(branch);
            }
            else if (lines.Is("call-id"u8, (byte)'i'))
            {
                callIds++;
                answer.Put("Call-ID: "u8, lines.Value);
            }
            else if (lines.Is("cseq"u8))
            {
                sequences++;
                answer.Put("CSeq: "u8, lines.Value);
            }
            else
            {
                continue;
            }

            answer.Put("\r\n"u8);
        }

        answer.Put(tail);
        return answer._isTooLong || vias == 0 || (froms, tos, callIds, sequences) != (1, 1, 1, 1) ? 0 : answer._length;
    }

    /// <summary>False for a Via that is none, or that would send the answer to a third party.</summary>
    private bool PutTopVia(ReadOnlySpan<byte> value, IPEndPoint source, out int port)
    {
        var top = RawHeaders.FirstElement(value);
        int semicolon = top.IndexOf((byte)';');
        port = source.Port;
        if (semicolon < 0)
            return false;
        var sentBy = top[..semicolon].TrimEnd(" \t\r\n"u8);
        Put(sentBy);
        bool hasRport = false;
        var rest = top[(semicolon + 1)..];
        while (!rest.IsEmpty)
        {
            int end = RawHeaders.IndexOfOutsideQuotes(rest, (byte)';');
            var parameter = (end < 0 ? rest : rest[..end]).Trim(" \t\r\n"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            int equals = parameter.IndexOf((byte)'=');
            var name = equals < 0 ? parameter : parameter[..equals].TrimEnd(" \t"u8);
            if (Ascii.EqualsIgnoreCase(name, "maddr"u8))
                return false;
            if (Ascii.EqualsIgnoreCase(name, "rport"u8))
                hasRport = true;
            else if (!Ascii.EqualsIgnoreCase(name, "received"u8))
                Put(";"u8, parameter);
        }

        Put(";received="u8);
        PutAddress(source.Address);
        if (hasRport)
        {
            Put(";rport="u8);
            PutNumber(source.Port);
        }
        else
        {
            port = PortOf(sentBy);
        }

        Put(value[top.Length..]);
        return port != 0;
    }

    /// <summary>The port of <c>SIP/2.0/UDP host:port</c>; 5060 without one; 0 when it is no number.</summary>
    private static int PortOf(ReadOnlySpan<byte> sentBy)
    {
        int colon = sentBy.LastIndexOf((byte)':');
        if (colon < 0 || sentBy[(colon + 1)..].Contains((byte)']'))
            return 5060;
        var digits = sentBy[(colon + 1)..].Trim(" \t"u8);
        return Utf8Parser.TryParse(digits, out ushort port, out int read) && read == digits.Length ? port : 0;
    }

    private void PutTag(scoped ReadOnlySpan<byte> branch)
    {
        Put(";tag="u8);
        Span<byte> tag = stackalloc byte[StatelessTag.Length];
        StatelessTag.Write(branch, tag);
        Put(tag);
    }

    private void PutAddress(IPAddress address)
    {
        Span<byte> text = stackalloc byte[72];
        address.TryFormat(text, out int length);
        text = text[..length];
        if (text.StartsWith("::ffff:"u8) && text.Contains((byte)'.'))
            text = text[7..]; // IPv4 on a socket of both families
        int zone = text.IndexOf((byte)'%');
        Put(zone < 0 ? text : text[..zone]);
    }

    private void PutNumber(int number)
    {
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(number, digits, out int length);
        Put(digits[..length]);
    }

    private void Put(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second)
    {
        Put(first);
        Put(second);
    }

    private void Put(scoped ReadOnlySpan<byte> text)
    {
        if (_isTooLong || text.Length > _destination.Length - _length)
        {
            _isTooLong = true;
            return;
        }

        text.CopyTo(_destination[_length..]);
        _length += text.Length;
    }
}
