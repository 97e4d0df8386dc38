using System.Text;

namespace VoiceGateway.Sip;

/// <summary>A session description (RFC 8866, and RFC 4566 before it). Immutable.</summary>
public sealed class SessionDescription
{
    public const string ContentType = "application/sdp";

    public SdpOrigin Origin { get; init; } = SdpOrigin.Unknown;

    public string SessionName { get; init; } = "-";

    /// <summary>For the media sections that have none of their own.</summary>
    public SdpConnection? Connection { get; init; }

    public IReadOnlyList<MediaDescription> Media { get; init; } = [];

    /// <summary>Of the session, without the direction, which stands with each media section here.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>t= and the lines that are carried but not understood.</summary>
    public IReadOnlyList<SdpLine> OtherLines { get; init; } = [];

    /// <summary>The connection that counts for a media section; null when a sender left it out.</summary>
    public SdpConnection? ConnectionOf(MediaDescription media)
    {
        ArgumentNullException.ThrowIfNull(media);
        return media.Connection ?? Connection;
    }

    /// <summary>Reads a description. Never throws.</summary>
    /// <param name="utf8">The body of a message; lines end in CRLF or LF.</param>
    /// <param name="description">Null when it cannot be read.</param>
    /// <param name="error">What is wrong, without text from the body.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out SessionDescription? description, out string? error)
    {
        description = new SdpReader().Read(Encoding.UTF8.GetString(utf8), out error);
        return description is not null;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToSdp());

    /// <summary>As it is on the wire, but for its keys: it may end up in a log.</summary>
    public override string ToString() => SdpSecrets.Hide(ToSdp());

    /// <summary>As it is on the wire, keys and all.</summary>
    internal string ToSdp() => ToSdp(Origin);

    /// <summary>Everything but the origin: what decides whether the version must grow.</summary>
    internal string WithoutOrigin() => ToSdp(SdpOrigin.Unknown);

    internal SessionDescription WithOrigin(SdpOrigin origin) => new()
    {
        Origin = origin,
        SessionName = SessionName,
        Connection = Connection,
        Media = Media,
        Attributes = Attributes,
        OtherLines = OtherLines,
    };

    internal static void WriteLines(StringBuilder text, IReadOnlyList<SdpLine> lines, string types)
    {
        foreach (var type in types)
        {
            foreach (var line in lines)
            {
                if (line.Type == type)
                    WriteLine(text, type, line.Value);
            }
        }
    }

    internal static void WriteLine(StringBuilder text, char type, string value) =>
        text.Append(type).Append('=').Append(SipGrammar.WithoutControls(value)).Append("\r\n");

    private string ToSdp(SdpOrigin origin)
    {
        var text = new StringBuilder(512);
        WriteLine(text, 'v', "0");
        WriteLine(text, 'o', origin.ToString());

        // "If there is no meaningful session name, then s=- SHOULD be used" (RFC 8866 section 5.3); empty it is against the grammar.
        WriteLine(text, 's', SessionName.Length == 0 ? "-" : SessionName);
        WriteLines(text, OtherLines, "iuep");
        if (Connection is not null)
            WriteLine(text, 'c', Connection.ToString());
        WriteLines(text, OtherLines, "b");
        if (!OtherLines.Any(line => line.Type == 't'))
            WriteLine(text, 't', "0 0");
        WriteLines(text, OtherLines, "trzk");
        foreach (var attribute in Attributes)
            WriteLine(text, 'a', attribute.ToString());
        foreach (var media in Media)
            media.WriteTo(text);
        return text.ToString();
    }
}
