using System.Text;

namespace VoiceGateway.Sip;

/// <summary>What can be said of a message from its first line, without reading it: nothing is allocated. It agrees with <see cref="SipParser"/>, which has the last word.</summary>
internal readonly ref struct MessagePeek
{
    private MessagePeek(MessageKind kind, ReadOnlySpan<byte> headers)
    {
        Kind = kind;
        Headers = headers;
    }

    public MessageKind Kind { get; }

    /// <summary>Everything behind the start line.</summary>
    public ReadOnlySpan<byte> Headers { get; }

    public static MessagePeek Read(ReadOnlySpan<byte> message)
    {
        message = message.TrimStart("\r\n"u8);
        int end = message.IndexOf((byte)'\n');
        if (end < 0)
            return new MessagePeek(message.ContainsAnyExcept("\r\n\0"u8) ? MessageKind.Junk : MessageKind.Empty, default);
        var line = message[..end].TrimEnd(" \t\r"u8);
        var headers = message[(end + 1)..];
        if (line.StartsWith("SIP/"u8))
            return new MessagePeek(line.StartsWith("SIP/2.0 "u8) ? MessageKind.Response : MessageKind.Junk, headers);
        var version = line[(line.LastIndexOf((byte)' ') + 1)..];
        if (version.Length == line.Length || version.Length < 4 || !Ascii.EqualsIgnoreCase(version[..4], "SIP/"u8))
            return new MessagePeek(line.Length > SipLimits.Default.MaxLineBytes ? MessageKind.OtherRequest : MessageKind.Junk, headers);
        return new MessagePeek(KindOf(line), headers);
    }

    private static MessageKind KindOf(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("INVITE "u8))
            return MessageKind.Invite;
        return line.StartsWith("ACK "u8) ? MessageKind.Ack : MessageKind.OtherRequest;
    }
}
