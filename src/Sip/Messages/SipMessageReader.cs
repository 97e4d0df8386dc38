using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace VoiceGateway.Sip;

/// <summary>
/// One pass over one message:
/// <code>start line -> header lines (unfold, decode, split lists) -> body by Content-Length -> SipMessageRules</code>
/// The first thing found wrong is kept, and reading goes on as far as it can, because the answer needs the headers that follow.
/// </summary>
internal ref struct SipMessageReader(SipLimits limits)
{
    private readonly SipHeaders _headers = new();
    private readonly SipParseFailure _failure = new();

    // What follows the start line, copied once: headers and body are slices of it.
    private byte[] _bytes = [];
    private int _at;
    private string? _method;
    private SipUri? _requestUri;
    private int _responseCode;
    private string _responseReason = "";
    private bool _isResponse;
    private ReadOnlyMemory<byte> _body;

    public readonly void Fail(SipParseErrorKind kind, int status, string reason) => _failure.Set(kind, status, reason);

    public void Read(ReadOnlySpan<byte> data)
    {
        if (data.Length > limits.MaxMessageBytes)
        {
            Fail(SipParseErrorKind.TooLarge, 513, "Message too large");
            data = data[..limits.MaxMessageBytes];
        }

        // Line ends before a message are keep-alives that share its datagram (section 7.5).
        data = data.TrimStart("\r\n"u8);
        var end = data.IndexOf((byte)'\n');
        if (end < 0)
        {
            Fail(SipParseErrorKind.NotSip, 400, "No SIP start line");
            return;
        }

        if (!ReadStartLine(WithoutReturn(data[..end])))
            return;
        _bytes = data[(end + 1)..].ToArray();
        _headers.Reserve(Math.Min(CountHeaderLines(_bytes), limits.MaxHeaders));
        if (ReadHeaders())
            ReadBody();
    }

    public readonly SipParseResult Finish(out SipMessage? message, out SipParseError error)
    {
        message = null;
        error = SipParseError.None;
        if (!_failure.IsSet && SipMessageRules.HasIdentity(_headers, _failure)
            && SipMessageRules.IsValid(_headers, _isResponse ? null : _method, _failure))
        {
            message = _isResponse
                ? new SipResponse(_responseCode, _responseReason, _headers)
                : new SipRequest(_method!, _requestUri!, _headers);
            message.Body = _body;
            return SipParseResult.Message;
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
            else if (line.IndexOf((byte)' ') is > 0 and <= 64 and var blank && SipGrammar.IsToken(line[..blank]))
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

        var usual = SipReasonPhrases.Get(_responseCode);
        var reason = rest.Length > 4 ? rest[4..] : default;
        _responseReason = Ascii.Equals(reason, usual) ? usual : Utf8Text.GetString(reason);
        return true;
    }

    private bool ReadRequestLine(ReadOnlySpan<byte> line)
    {
        var trimmed = line.TrimEnd(" \t"u8);
        var lastBlank = trimmed.LastIndexOf((byte)' ');
        var version = lastBlank < 0 ? default : trimmed[(lastBlank + 1)..];
        var firstBlank = line.IndexOf((byte)' ');
        if (lastBlank < 0 || !StartsWithIgnoreCase(version, "SIP/") || !SipGrammar.IsToken(line[..firstBlank]))
        {
            Fail(SipParseErrorKind.NotSip, 400, "No SIP start line");
            return false;
        }

        _method = SipMethods.Intern(line[..firstBlank]);
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

    private bool ReadHeaders()
    {
        while (true)
        {
            if (_at == _bytes.Length)
            {
                // The blank line is lost, the lines before it are whole: nothing was cut off unless Content-Length says so.
                return true;
            }

            if (!TryTakeLine(out var start, out var length))
            {
                Fail(SipParseErrorKind.HeaderSyntax, 400, "Header section does not end");
                return false;
            }

            if (length == 0)
                return true;
            if (_bytes[start] is (byte)' ' or (byte)'\t')
            {
                Fail(SipParseErrorKind.HeaderSyntax, 400, "Folded line without a header");
                continue;
            }

            if (IsFoldNext())
                ReadFolded(start, length);
            else
                ReadHeader(_bytes, start, length);
        }
    }

    /// <summary>Section 7.3.1: a line end and the blanks around it stand for one blank.</summary>
    private void ReadFolded(int start, int length)
    {
        // The name and its colon share a line: a framer that looks for Content-Length must see what the parser sees.
        var first = _bytes.AsSpan(start, length);
        if (first.IndexOf((byte)':') < 0)
            Fail(SipParseErrorKind.HeaderSyntax, 400, "Malformed header line");
        var buffer = ArrayPool<byte>.Shared.Rent(limits.MaxLineBytes + 1);
        try
        {
            var unfolded = Append(buffer, 0, first.TrimEnd(" \t"u8));
            while (IsFoldNext() && TryTakeLine(out start, out length))
            {
                if (unfolded <= limits.MaxLineBytes)
                    buffer[unfolded++] = (byte)' ';
                unfolded = Append(buffer, unfolded, _bytes.AsSpan(start, length).Trim(" \t"u8));
            }

            if (unfolded > limits.MaxLineBytes)
                Fail(SipParseErrorKind.TooLarge, 513, "Header too long");
            else
                ReadHeader(buffer[..unfolded], 0, unfolded);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>The new length; beyond the cap once it is reached, and then nothing more is copied.</returns>
    private readonly int Append(byte[] buffer, int length, ReadOnlySpan<byte> line)
    {
        if (length + line.Length > limits.MaxLineBytes)
            return limits.MaxLineBytes + 1;
        line.CopyTo(buffer.AsSpan(length));
        return length + line.Length;
    }

    private readonly void ReadHeader(byte[] bytes, int start, int length)
    {
        if (length > limits.MaxLineBytes)
        {
            Fail(SipParseErrorKind.TooLarge, 513, "Header too long");
            return;
        }

        var line = bytes.AsSpan(start, length);
        var colon = line.IndexOf((byte)':');
        var nameBytes = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
        if (!SipGrammar.IsToken(nameBytes))
        {
            Fail(SipParseErrorKind.HeaderSyntax, 400, "Malformed header line");
            return;
        }

        var value = line[(colon + 1)..].TrimStart(" \t"u8);
        start += length - value.Length;
        value = value.TrimEnd(" \t"u8);
        if (!SipGrammar.IsHeaderValue(value))
        {
            Fail(SipParseErrorKind.HeaderSyntax, 400, "Control character in a header");
            return;
        }

        var name = ReadName(nameBytes);
        if (value.Contains((byte)',') && SipHeaderNames.IsAddressList(name) && Utf8.IsValid(value))
            AddElements(name, bytes, start, value.Length);
        else
            AddHeader(new SipHeaderSlot(name, bytes, start, value.Length));
    }

    private static string ReadName(ReadOnlySpan<byte> bytes)
    {
        Span<char> chars = stackalloc char[64];
        return bytes.Length <= chars.Length
            ? SipHeaderNames.Canonical(chars[..Encoding.ASCII.GetChars(bytes, chars)])
            : Encoding.ASCII.GetString(bytes);
    }

    private readonly void AddElements(string name, byte[] bytes, int start, int length)
    {
        // A character a byte: what separates the elements is ASCII, and stands where it stands in UTF-8.
        var text = Encoding.Latin1.GetString(bytes, start, length);
        var at = 0;
        while (true)
        {
            // An open quote or bracket: the rest as it is, so that the check of the value names it.
            var end = SipGrammar.IndexOfTopLevel(text.AsSpan(at), ',');
            var next = end < 0 ? length : at + end;
            var from = SipGrammar.SkipBlanks(text, at);
            var element = text.AsSpan(from, next - from).TrimEnd(" \t");
            AddHeader(new SipHeaderSlot(name, bytes, start + from, element.Length));
            if (next == length)
                return;
            at = next + 1;
        }
    }

    private readonly void AddHeader(in SipHeaderSlot header)
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
    private void ReadBody()
    {
        var length = _bytes.Length - _at;
        if (_headers.IndexOf(SipHeaderNames.ContentLength, 0) is >= 0 and var at)
        {
            Span<char> scratch = stackalloc char[16];
            if (!SipGrammar.TryParseNumber(_headers.Slot(at).Look(scratch), int.MaxValue, out var stated))
            {
                Fail(SipParseErrorKind.ContentLength, 400, "Malformed Content-Length");
                return;
            }

            if (stated > length)
            {
                Fail(SipParseErrorKind.ContentLength, 400, "Content-Length exceeds the datagram");
                return;
            }

            length = (int)stated;
        }

        _body = _bytes.AsMemory(_at, length);
    }

    /// <summary>A line without its end: CRLF, or the bare LF that some scripts and gateways send.</summary>
    private bool TryTakeLine(out int start, out int length)
    {
        start = _at;
        length = _bytes.AsSpan(_at).IndexOf((byte)'\n');
        if (length < 0)
            return false;
        _at += length + 1;
        length = WithoutReturn(_bytes.AsSpan(start, length)).Length;
        return true;
    }

    private readonly bool IsFoldNext() => _at < _bytes.Length && _bytes[_at] is (byte)' ' or (byte)'\t';

    /// <summary>About as many as there will be: the body counts where its beginning is not to be seen at once.</summary>
    private static int CountHeaderLines(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return bytes[..(end < 0 ? bytes.Length : end)].Count((byte)'\n') + 2;
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.. var rest, (byte)'\r'] ? rest : line;

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
