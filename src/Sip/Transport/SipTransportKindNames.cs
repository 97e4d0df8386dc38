namespace VoiceGateway.Sip;

/// <summary>How a transport is written in Via (upper case) and in a URI's transport parameter (lower case).</summary>
public static class SipTransportKindNames
{
    public static string ViaName(this SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "UDP",
        SipTransportKind.Tcp => "TCP",
        _ => "TLS",
    };

    public static string UriName(this SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "udp",
        SipTransportKind.Tcp => "tcp",
        _ => "tls",
    };

    /// <summary>RFC 3261 section 19.1.2: 5061 for TLS, 5060 for the rest.</summary>
    public static int DefaultPort(this SipTransportKind kind) => kind == SipTransportKind.Tls ? 5061 : 5060;

    public static bool TryParse(string? name, out SipTransportKind kind)
    {
        kind = SipTransportKind.Udp;
        if (string.Equals(name, "udp", StringComparison.OrdinalIgnoreCase))
            return true;
        if (string.Equals(name, "tcp", StringComparison.OrdinalIgnoreCase))
        {
            kind = SipTransportKind.Tcp;
            return true;
        }

        kind = SipTransportKind.Tls;
        return string.Equals(name, "tls", StringComparison.OrdinalIgnoreCase);
    }
}
