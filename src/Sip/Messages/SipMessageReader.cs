using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace VoiceGateway.Sip;

/// <summary>
/// One pass over one message:
/// <code>start line -> header lines (unfold, decode, split lists) -> body by Content-Length -> SipMessageRules</code>
/// The first thing found wrong is kept, and reading goes on as far as it can, because the answer needs the headers that follow.
/// </summary>
internal sealed class SipMessageReader(SipLimits limits)
{
    private readonly SipHeaders _headers = new();
    private readonly SipParseFailure _failure = new();
    private string? _method;
    private SipUri? _requestUri;
    private int _responseCode;
    private string _responseReason = "";
    private bool _isResponse;
    private byte[] _body = [];

    public void Fail(SipParseErrorKind kind, int status, string reason) => _failure.Set(kind, status, reason);

    public void Read(ReadOnlySpan<byte> data)
    {
        if (data.Length > limits.MaxMessageBytes)
        {
            Fail(SipParseErrorKind.TooLarge, 513, "Message too large");
            data = data[..limits.MaxMessageBytes];
        }

        // Line ends before a message are keep-alives that share its datagram (section 7.5).
        data = data.TrimStart("\r\n"u8);
        if (!TryTakeLine(ref data, out var startLine))
        {
            Fail(SipParseErrorKind.NotSip, 400, "No SIP start line");
            return;
        }

        if (!ReadStartLine(startLine) || !ReadHeaders(ref data))
            return;
        ReadBody(data);
    }

    public SipParseResult Finish(out SipMessage? message, out SipParseError error)
    {
        message = null;
        error = SipParseError.None;
        if (!_failure.IsSet && SipMessageRules.HasIdentity(_headers, _failure))
        {
            SipMessage read = _isResponse
                ? new SipResponse(_responseCode, _responseReason, _headers)
                : new SipRequest(_method!, _requestUri!, _headers);
            read.Body = _body;
            if (SipMessageRules.IsValid(read, _failure))
            {
                message = read;
                return SipParseResult.Message;
            }
        }

        error = _failure.ToError(_isResponse ? null : SipMessageRules.CreateAnswer(_method, _headers, _failure));
        return error.IsAnswerable ? SipParseResult.Rejected : SipParseResult.Dropped;
    }

    /// <returns>False when what follows is not worth reading.</returns>
    private bool ReadStartLine(ReadOnlySpan<byte> line)
    {
        if (line.Length > limits.MaxLineBytes)
        {
            // Whose line it is, the method still says; the headers behind it are needed for the answer.
            if (line.StartsWith("SIP/"u8))
                _isResponse = true;
            else if (line.IndexOf((byte)' ') is > 0 and <= 64 and var blank && IsToken(line[..blank]))
                _method = Encoding.ASCII.GetString(line[..blank]);
            Fail(SipParseErrorKind.TooLarge, 414, "Request-URI too long");
            return true;
        }

        if (line.StartsWith("SIP/"u8))
            return ReadStatusLine(line);
        return ReadRequestLine(line);
    }

    private bool ReadStatusLine(ReadOnlySpan<byte> line)
    {
        _isResponse = true;
        if (!line.StartsWith("SIP/2.0 "u8))
        {
            Fail(SipParseErrorKind.Version, 505, "Version not supported");
            return false;
        }

        // "SIP/2.0 200" without the blank that the grammar wants before an empty reason is common enough.
        var rest = line[8..];
        if (rest.Length < 3 || (rest.Length > 3 && rest[3] != ' ') || !TryParseStatus(rest[..3], out _responseCode))
        {
            Fail(SipParseErrorKind.StartLine, 400, "Malformed status line");
            return false;
        }

        _responseReason = rest.Length > 4 ? Encoding.UTF8.GetString(rest[4..]) : "";
        return true;
    }

    private bool ReadRequestLine(ReadOnlySpan<byte> line)
    {
        var trimmed = line.TrimEnd(" \t"u8);
        var lastBlank = trimmed.LastIndexOf((byte)' ');
        var version = lastBlank < 0 ? default : trimmed[(lastBlank + 1)..];
        var firstBlank = line.IndexOf((byte)' ');
        if (lastBlank < 0 || !StartsWithIgnoreCase(version, "SIP/") || !IsToken(line[..firstBlank]))
        {
            Fail(SipParseErrorKind.NotSip, 400, "No SIP start line");
            return false;
        }

        _method = SipMethods.Intern(Encoding.ASCII.GetString(line[..firstBlank]));
        if (!IsSupportedVersion(version))
            Fail(SipParseErrorKind.Version, 505, "Version not supported");
        else if (trimmed.Length != line.Length)
            Fail(SipParseErrorKind.StartLine, 400, "Blanks after the request line");
        else if (firstBlank >= lastBlank)
            Fail(SipParseErrorKind.StartLine, 400, "No Request-URI");
        else
            ReadRequestUri(trimmed[(firstBlank + 1)..lastBlank]);
        return true;
    }

    private void ReadRequestUri(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(" \t"u8))
            Fail(SipParseErrorKind.StartLine, 400, "Blanks in the request line");
        else if (!SipUri.TryParse(text, out _requestUri))
            Fail(SipParseErrorKind.StartLine, 400, "Malformed Request-URI");
        else if (_requestUri!.Headers.Count > 0)
            Fail(SipParseErrorKind.StartLine, 400, "Headers in the Request-URI"); // section 19.1.1, table 1
    }

    private bool ReadHeaders(scoped ref ReadOnlySpan<byte> data)
    {
        while (true)
        {
            if (data.IsEmpty)
            {
                // The blank line is lost, the lines before it are whole: nothing was cut off unless Content-Length says so.
                return true;
            }

            if (!TryTakeLine(ref data, out var line))
            {
                Fail(SipParseErrorKind.HeaderSyntax, 400, "Header section does not end");
                return false;
            }

            if (line.IsEmpty)
                return true;
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                Fail(SipParseErrorKind.HeaderSyntax, 400, "Folded line without a header");
                continue;
            }

            if (IsFoldNext(data))
                ReadFolded(line, ref data);
            else
                ReadHeader(line);
        }
    }

    /// <summary>Section 7.3.1: a line end and the blanks around it stand for one blank.</summary>
    private void ReadFolded(scoped ReadOnlySpan<byte> first, scoped ref ReadOnlySpan<byte> data)
    {
        // The name and its colon share a line: a framer that looks for Content-Length must see what the parser sees.
        if (first.IndexOf((byte)':') < 0)
            Fail(SipParseErrorKind.HeaderSyntax, 400, "Malformed header line");
        var buffer = ArrayPool<byte>.Shared.Rent(limits.MaxLineBytes + 1);
        try
        {
            var length = Append(buffer, 0, first.TrimEnd(" \t"u8));
            while (IsFoldNext(data) && TryTakeLine(ref data, out var line))
            {
                if (length <= limits.MaxLineBytes)
                    buffer[length++] = (byte)' ';
                length = Append(buffer, length, line.Trim(" \t"u8));
            }

            if (length > limits.MaxLineBytes)
                Fail(SipParseErrorKind.TooLarge, 513, "Header too long");
            else
                ReadHeader(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>The new length; beyond the cap once it is reached, and then nothing more is copied.</returns>
    private int Append(byte[] buffer, int length, ReadOnlySpan<byte> line)
    {
        if (length + line.Length > limits.MaxLineBytes)
            return limits.MaxLineBytes + 1;
        line.CopyTo(buffer.AsSpan(length));
        return length + line.Length;
    }

    private void ReadHeader(scoped ReadOnlySpan<byte> line)
    {
        if (line.Length > limits.MaxLineBytes)
        {
            Fail(SipParseErrorKind.TooLarge, 513, "Header too long");
            return;
        }

        var colon = line.IndexOf((byte)':');
        var nameBytes = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
        if (!IsToken(nameBytes))
        {
            Fail(SipParseErrorKind.HeaderSyntax, 400, "Malformed header line");
            return;
        }

        var valueBytes = line[(colon + 1)..].Trim(" \t"u8);
        Span<char> nameChars = stackalloc char[64];
        var name = nameBytes.Length <= nameChars.Length
            ? SipHeaderNames.Canonical(nameChars[..Encoding.ASCII.GetChars(nameBytes, nameChars)])
            : Encoding.ASCII.GetString(nameBytes);
        var value = Encoding.UTF8.GetString(valueBytes);
        if (!SipGrammar.IsHeaderValue(value))
        {
            Fail(SipParseErrorKind.HeaderSyntax, 400, "Control character in a header");
            return;
        }

        var raw = Utf8.IsValid(valueBytes) ? null : valueBytes.ToArray();
        if (SipHeaderNames.IsAddressList(name) && raw is null)
            AddElements(name, value);
        else
            AddHeader(new SipHeader(name, value) { Raw = raw });
    }

    private void AddElements(string name, string value)
    {
        var rest = value.AsSpan();
        while (true)
        {
            var end = SipGrammar.IndexOfTopLevel(rest, ',');
            if (end < 0)
            {
                // An open quote or bracket: whole, so that the check of the value names it.
                AddHeader(new SipHeader(name, rest.ToString()));
                return;
            }

            var element = rest.Length == value.Length && end == rest.Length ? value : SipGrammar.Trim(rest[..end]).ToString();
            AddHeader(new SipHeader(name, element));
            if (end == rest.Length)
                return;
            rest = rest[(end + 1)..];
        }
    }

    private void AddHeader(SipHeader header)
    {
        if (_headers.Count >= limits.MaxHeaders)
        {
            // Beyond the cap only what the answer copies still counts.
            Fail(SipParseErrorKind.TooLarge, 513, "Too many headers");
            if (!SipMessageRules.IsNeededToAnswer(header.Name) || _headers.Contains(header.Name))
                return;
        }

        _headers.AddReceived(header);
    }

    /// <summary>Section 18.3: a datagram may hold more than the message, not less. Without Content-Length the body is the rest.</summary>
    private void ReadBody(ReadOnlySpan<byte> data)
    {
        if (_headers.Get(SipHeaderNames.ContentLength) is { } text)
        {
            if (!SipGrammar.TryParseNumber(text, int.MaxValue, out var length))
            {
                Fail(SipParseErrorKind.ContentLength, 400, "Malformed Content-Length");
                return;
            }

            if (length > data.Length)
            {
                Fail(SipParseErrorKind.ContentLength, 400, "Content-Length exceeds the datagram");
                return;
            }

            data = data[..(int)length];
        }

        if (!_failure.IsSet)
            _body = data.ToArray();
    }

    /// <summary>A line without its end: CRLF, or the bare LF that some scripts and gateways send.</summary>
    private static bool TryTakeLine(scoped ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> line)
    {
        line = default;
        var end = data.IndexOf((byte)'\n');
        if (end < 0)
            return false;
        line = end > 0 && data[end - 1] == (byte)'\r' ? data[..(end - 1)] : data[..end];
        data = data[(end + 1)..];
        return true;
    }

    private static bool IsFoldNext(ReadOnlySpan<byte> data) => !data.IsEmpty && data[0] is (byte)' ' or (byte)'\t';

    private static bool IsToken(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && "-.!%*_+`'~"u8.IndexOf(b) < 0)
                return false;
        }

        return !text.IsEmpty;
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, string prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);

    private static bool IsSupportedVersion(ReadOnlySpan<byte> version) => Ascii.EqualsIgnoreCase(version, "SIP/2.0"u8);

    private static bool TryParseStatus(ReadOnlySpan<byte> digits, out int status)
    {
        status = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            status = (status * 10) + digit - '0';
        }

        return status is >= 100 and <= 699;
    }
}
