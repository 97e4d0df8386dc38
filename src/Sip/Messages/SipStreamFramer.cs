using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// Cuts a TCP or TLS byte stream into messages by Content-Length, which is mandatory there (RFC 3261 sections 18.3 and 20.14).
/// Holds one message at most. Never throws; after an error it stays in error.
/// <code>while ((frame = framer.Read(ref input, out var message)) != SipFrame.NeedMore) …</code>
/// </summary>
public sealed class SipStreamFramer
{
    private const int InitialBytes = 4096;

    private readonly SipLimits _limits;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _scanned;
    private int _headerBytes;
    private int _totalBytes;
    private int _lineEnds;

    public SipStreamFramer(SipLimits? limits = null) => _limits = limits ?? SipLimits.Default;

    /// <summary>After <see cref="SipFrame.Error"/>: what was wrong, and the answer to send before closing, if there can be one.</summary>
    public SipParseError Error { get; private set; } = SipParseError.None;

    /// <summary>Whether part of a message has arrived: a connection that stays so has a stuck or malicious peer.</summary>
    public bool HasPartialMessage => _end > _start;

    /// <param name="input">What was received; advanced by what was taken. Pass it again until the result is <see cref="SipFrame.NeedMore"/>.</param>
    /// <param name="message">The message, good until the next call.</param>
    public SipFrame Read(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> message)
    {
        while (true)
        {
            var frame = Extract(out message);
            if (frame != SipFrame.NeedMore || input.IsEmpty)
                return frame;
            Take(ref input);
        }
    }

    private SipFrame Extract(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (Error.Kind != SipParseErrorKind.None)
            return SipFrame.Error;
        if (_scanned == 0 && SkipLineEnds())
            return SipFrame.Ping;
        if (_start == _end)
            return SipFrame.NeedMore;
        var held = _buffer.AsSpan(_start, _end - _start);
        if (_headerBytes == 0 && !FindHeaderEnd(held))
            return Error.Kind == SipParseErrorKind.None ? SipFrame.NeedMore : SipFrame.Error;
        if (held.Length < _totalBytes)
            return SipFrame.NeedMore;
        message = held[.._totalBytes];
        _start += _totalBytes;
        _scanned = _headerBytes = _totalBytes = 0;
        return SipFrame.Message;
    }

    /// <summary>Line ends before a start line are ignored (section 7.5), but two CRLF on end are a ping.</summary>
    private bool SkipLineEnds()
    {
        while (_start < _end)
        {
            switch (_buffer[_start])
            {
                case (byte)'\n':
                    _start++;
                    if (++_lineEnds < 2)
                        continue;
                    _lineEnds = 0;
                    return true;
                case (byte)'\r':
                    _start++;
                    continue;
                default:
                    _lineEnds = 0;
                    return false;
            }
        }

        return false;
    }

    private bool FindHeaderEnd(ReadOnlySpan<byte> held)
    {
        // The end may lie across what was scanned before and what is new: look again at the last three bytes.
        var from = Math.Max(_scanned - 3, 0);
        var end = IndexOfBlankLine(held[from..]);
        _scanned = held.Length;
        if (end >= 0)
        {
            _headerBytes = from + end;
            return ReadContentLength(held[.._headerBytes]);
        }

        if (held.Length > _limits.MaxLineBytes && held.IndexOf((byte)'\n') < 0)
            Refuse(held, SipParseErrorKind.NotSip, 400, "No SIP start line");
        else if (held.Length >= _limits.MaxMessageBytes)
            Refuse(held, SipParseErrorKind.TooLarge, 513, "Message too large");
        return false;
    }

    /// <summary>Index behind the blank line, with the same line ends as the parser reads: CRLF, or LF alone.</summary>
    private static int IndexOfBlankLine(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (text[at..].IndexOf((byte)'\n') is >= 0 and var lineEnd)
        {
            at += lineEnd + 1;
            if (at < text.Length && text[at] == (byte)'\n')
                return at + 1;
            if (at + 1 < text.Length && text[at] == (byte)'\r' && text[at + 1] == (byte)'\n')
                return at + 2;
        }

        return -1;
    }

    private bool ReadContentLength(ReadOnlySpan<byte> headers)
    {
        string? found = null;
        var rest = headers;
        var isStartLine = true;
        while (!rest.IsEmpty)
        {
            var lineEnd = rest.IndexOf((byte)'\n');
            var line = rest[..lineEnd];
            rest = rest[(lineEnd + 1)..];
            var wasStartLine = isStartLine;
            isStartLine = false;
            if (wasStartLine || !IsContentLength(line, out var value))
                continue;
            if (found is not null)
                return Refuse(headers, SipParseErrorKind.DuplicateHeader, 400, "More than one Content-Length");

            // Folded values are legal even here.
            found = Encoding.ASCII.GetString(value);
            while (!rest.IsEmpty && rest[0] is (byte)' ' or (byte)'\t')
            {
                lineEnd = rest.IndexOf((byte)'\n');
                found += " " + Encoding.ASCII.GetString(rest[..lineEnd]);
                rest = rest[(lineEnd + 1)..];
            }
        }

        if (found is null)
            return Refuse(headers, SipParseErrorKind.ContentLength, 400, "Missing Content-Length");
        if (!SipGrammar.TryParseNumber(found.AsSpan().Trim(" \t\r"), uint.MaxValue, out var length))
            return Refuse(headers, SipParseErrorKind.ContentLength, 400, "Malformed Content-Length");
        if (length > _limits.MaxMessageBytes - headers.Length)
            return Refuse(headers, SipParseErrorKind.TooLarge, 413, "Body too large");
        _totalBytes = headers.Length + (int)length;
        return true;
    }

    private static bool IsContentLength(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        value = default;
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
            return false;
        var name = line[..colon].TrimEnd(" \t"u8);
        value = line[(colon + 1)..];
        return Ascii.EqualsIgnoreCase(name, "l"u8) || Ascii.EqualsIgnoreCase(name, "content-length"u8);
    }

    private bool Refuse(ReadOnlySpan<byte> headers, SipParseErrorKind kind, int status, string reason)
    {
        Error = SipParser.Refuse(headers, _limits, kind, status, reason);
        return false;
    }

    /// <summary>Moves what is held to the front, and takes as much as fits under the cap.</summary>
    private void Take(ref ReadOnlySpan<byte> input)
    {
        var held = _end - _start;
        var wanted = Math.Min(held + input.Length, _limits.MaxMessageBytes);
        if (wanted > _buffer.Length)
        {
            var larger = new byte[Math.Min(Math.Max(Math.Max(wanted, _buffer.Length * 2), InitialBytes), _limits.MaxMessageBytes)];
            _buffer.AsSpan(_start, held).CopyTo(larger);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }

        _start = 0;
        _end = held;
        var taken = Math.Min(input.Length, _buffer.Length - held);
        input[..taken].CopyTo(_buffer.AsSpan(held));
        _end += taken;
        input = input[taken..];
    }
}
