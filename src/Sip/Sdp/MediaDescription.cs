using System.Globalization;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>An m= section (RFC 8866 section 5.14). Immutable.</summary>
public sealed class MediaDescription
{
    public string Media { get; init; } = "audio";

    /// <summary>0 for a stream that is not wanted (RFC 3264 section 6).</summary>
    public int Port { get; init; }

    /// <summary>The number behind the port's slash, usually 1.</summary>
    public int PortCount { get; init; } = 1;

    public string Protocol { get; init; } = "RTP/AVP";

    /// <summary>The formats of the m-line as written, also where they are no payload types (<c>udptl t38</c>).</summary>
    public IReadOnlyList<string> FormatTokens { get; init; } = [];

    /// <summary>The formats of an RTP m-line in order of preference.</summary>
    public IReadOnlyList<SdpFormat> Formats { get; init; } = [];

    /// <summary>Of this section or, where it names none, of the session; sendrecv when neither does.</summary>
    public MediaDirection Direction { get; init; }

    /// <summary>Milliseconds of audio in a packet that its author would like to receive.</summary>
    public int? Ptime { get; init; }

    public int? MaxPtime { get; init; }

    /// <summary>Of this section alone; see <see cref="SessionDescription.ConnectionOf"/>.</summary>
    public SdpConnection? Connection { get; init; }

    /// <summary>RFC 3605: RTCP elsewhere than on the port above RTP's.</summary>
    public int? RtcpPort { get; init; }

    /// <summary>RFC 3605: and at another address.</summary>
    public IPAddress? RtcpAddress { get; init; }

    /// <summary>RFC 5761: RTCP on the port of RTP.</summary>
    public bool RtcpMux { get; init; }

    /// <summary>RFC 4568: keys for SRTP, in order of preference.</summary>
    public IReadOnlyList<SdpCrypto> Crypto { get; init; } = [];

    /// <summary>Those without a property here.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>i=, b=, k= and unknown lines.</summary>
    public IReadOnlyList<SdpLine> OtherLines { get; init; } = [];

    public bool IsAudio => Media.Equals("audio", StringComparison.OrdinalIgnoreCase);

    public bool IsRtpAvp => Protocol.Equals("RTP/AVP", StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 4585: the same packets in the clear; RTCP may carry feedback, and need not.</summary>
    public bool IsRtpAvpf => Protocol.Equals("RTP/AVPF", StringComparison.OrdinalIgnoreCase);

    /// <summary>RTP/SAVP and RTP/SAVPF (RFC 3711 section 12, RFC 5124): SRTP, and never without. Where its keys come from the attributes say.</summary>
    public bool IsSecure => IsRtpSavp || IsRtpSavpf;

    public bool IsRtpSavp => Protocol.Equals("RTP/SAVP", StringComparison.OrdinalIgnoreCase);

    public bool IsRtpSavpf => Protocol.Equals("RTP/SAVPF", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether there are keys that cannot be read: no reason to go on in the clear.</summary>
    internal bool HasUnreadableCrypto => Attributes.Any(static attribute => attribute.Name == "crypto");

    /// <summary>The same line with port 0 and nothing else: how a stream is refused, and how it keeps its place afterwards.</summary>
    public MediaDescription Rejected() => new() { Media = Media, Protocol = Protocol, FormatTokens = FormatTokens };

    internal void WriteTo(StringBuilder text)
    {
        var count = PortCount == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{PortCount}");
        var port = string.Create(CultureInfo.InvariantCulture, $"{Port}{count}");

        // A line without formats is against the grammar, whoever left them out.
        var formats = FormatTokens.Count > 0 ? string.Join(' ', FormatTokens) : "0";
        SessionDescription.WriteLine(text, 'm', $"{Media} {port} {Protocol} {formats}");
        SessionDescription.WriteLines(text, OtherLines, "i");
        if (Connection is not null)
            SessionDescription.WriteLine(text, 'c', Connection.ToString());
        SessionDescription.WriteLines(text, OtherLines, "bk");
        foreach (var format in Formats)
        {
            if (format.EncodingName.Length > 0)
                SessionDescription.WriteLine(text, 'a', $"rtpmap:{format.ToRtpMap()}");
            if (format.Fmtp is not null)
                SessionDescription.WriteLine(text, 'a', string.Create(CultureInfo.InvariantCulture, $"fmtp:{format.PayloadType} {format.Fmtp}"));
        }

        WriteNumber(text, "ptime", Ptime);
        WriteNumber(text, "maxptime", MaxPtime);
        if (RtcpPort is { } rtcp)
        {
            var address = RtcpAddress is null ? "" : $" {new SdpConnection(RtcpAddress)}";
            SessionDescription.WriteLine(text, 'a', string.Create(CultureInfo.InvariantCulture, $"rtcp:{rtcp}{address}"));
        }

        if (RtcpMux)
            SessionDescription.WriteLine(text, 'a', "rtcp-mux");
        foreach (var crypto in Crypto)
            SessionDescription.WriteLine(text, 'a', $"crypto:{crypto.ToSdp()}");
        if (Port != 0)
            SessionDescription.WriteLine(text, 'a', Direction.ToSdp());
        foreach (var attribute in Attributes)
            SessionDescription.WriteLine(text, 'a', attribute.ToString());
    }

    private static void WriteNumber(StringBuilder text, string name, int? value)
    {
        if (value is { } number)
            SessionDescription.WriteLine(text, 'a', string.Create(CultureInfo.InvariantCulture, $"{name}:{number}"));
    }
}
