using System.Text;

namespace VoiceGateway.Sip;

/// <summary>Finds the session description in a message's body: as the body, or as one part of multipart/mixed (RFC 2046, RFC 5621).</summary>
internal static class SdpBody
{
    public const string SdpType = "application/sdp";
    public const string MultipartType = "multipart/mixed";
    private const string AlternativeType = "multipart/alternative";
    private const int MaxParts = 16;

    /// <summary>Whether the body is one that we read: none, SDP, multipart, or one that may be ignored (RFC 3261 section 20.11).</summary>
    public static bool IsSupported(SipMessage message)
    {
        if (message.Body.IsEmpty || message.ContentType is SdpType or MultipartType or AlternativeType)
            return IsIdentity(message);
        return IsOptional(message.Headers.Get(SipHeaderNames.ContentDisposition));
    }

    /// <summary>RFC 3261 section 20.12; "identity" says what is so anyway.</summary>
    public static bool IsIdentity(SipMessage message) =>
        message.Body.IsEmpty || message.Headers.Get(SipHeaderNames.ContentEncoding) is null or "" or "identity";

    /// <summary>The bytes of the session description; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> Find(SipMessage message) => message.ContentType switch
    {
        SdpType => message.Body,
        MultipartType or AlternativeType => FindPart(message),
        _ => default,
    };

    /// <summary>Null without an error: no session description. Null with one: a description that cannot be read.</summary>
    public static SessionDescription? Read(SipMessage message, out string? error)
    {
        error = null;
        var body = Find(message);
        if (body.IsEmpty)
            return null;
        return SessionDescription.TryParse(body.Span, out var description, out error) ? description : null;
    }

    public static void Put(SipMessage message, SessionDescription description) => message.SetBody(SdpType, description.ToBytes());

    private static bool IsOptional(string? disposition) =>
        disposition is not null && disposition.Split(';').Skip(1).Any(parameter =>
            parameter.Replace(" ", "", StringComparison.Ordinal).Equals("handling=optional", StringComparison.OrdinalIgnoreCase));

    private static ReadOnlyMemory<byte> FindPart(SipMessage message)
    {
        if (Boundary(message.Headers.Get(SipHeaderNames.ContentType)!) is not { } boundary)
            return default;
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var rest = message.Body;
        int at = IndexOfDelimiter(rest.Span, delimiter);
        for (int part = 0; at >= 0 && part < MaxParts; part++)
        {
            rest = rest[(at + delimiter.Length)..];
            int next = IndexOfDelimiter(rest.Span, delimiter);
            if (next < 0)
                return default;
            if (IsSdpPart(rest[..next], out var content))
                return content;
            at = next;
        }

        return default;
    }

    /// <summary>A delimiter stands at the start of a line.</summary>
    private static int IndexOfDelimiter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> delimiter)
    {
        int from = 0;
        while (text[from..].IndexOf(delimiter) is >= 0 and var found)
        {
            int at = from + found;
            if (at == 0 || text[at - 1] == (byte)'\n')
                return at;
            from = at + 1;
        }

        return -1;
    }

    private static bool IsSdpPart(ReadOnlyMemory<byte> part, out ReadOnlyMemory<byte> content)
    {
        content = default;
        var span = part.Span;
        int end = span.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var headers = Encoding.UTF8.GetString(span[..end]);
        bool isSdp = headers.Split("\r\n").Any(line =>
        {
            int colon = line.IndexOf(':');
            return colon > 0 && line[..colon].Trim().Equals(SipHeaderNames.ContentType, StringComparison.OrdinalIgnoreCase)
                && line[(colon + 1)..].Split(';')[0].Trim().Equals(SdpType, StringComparison.OrdinalIgnoreCase);
        });
        if (!isSdp)
            return false;
        content = part[(end + 4)..];
        // The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1), but an SDP line needs its own.
        if (content.Span.EndsWith("\r\n\r\n"u8))
            content = content[..^2];
        return true;
    }

    private static string? Boundary(string contentType)
    {
        foreach (var parameter in contentType.Split(';').Skip(1))
        {
            int equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].Trim().Equals("boundary", StringComparison.OrdinalIgnoreCase))
                return parameter[(equals + 1)..].Trim().Trim('"') is { Length: > 0 and <= 70 } boundary ? boundary : null;
        }

        return null;
    }
}
