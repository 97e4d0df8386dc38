using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// One place to listen, written <c>udp:127.0.0.1:5060</c>, <c>tcp:[::]:5060</c>, <c>udp:*:5060</c> or <c>tcp:localhost:0</c>. IPv4 and IPv6 have
/// an entry each. Behind a NAT that maps ports or addresses of its own, <c>;advertise=</c> says what peers see:
/// <c>udp:0.0.0.0:5060;advertise=203.0.113.7:15060</c>, or only <c>203.0.113.7</c> or <c>15060</c>.
/// </summary>
public sealed record SipListen(SipTransportKind Kind, IPEndPoint EndPoint)
{
    private const string Advertise = ";advertise=";

    /// <summary>Host or address in Via and Contact of what goes through this entry; null: <see cref="SipEndpointOptions.AdvertisedAddress"/>.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Port in Via and Contact; null: the one that is listened on.</summary>
    public int? AdvertisedPort { get; init; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SipListen? listen, [NotNullWhen(false)] out string? error)
    {
        listen = null;
        error = null;
        var parts = (text ?? "").Trim();
        string? advertised = null;
        if (parts.IndexOf(Advertise, StringComparison.OrdinalIgnoreCase) is > 0 and var semicolon)
            (parts, advertised) = (parts[..semicolon], parts[(semicolon + Advertise.Length)..]);
        int colon = parts.IndexOf(':');
        if (colon < 0)
        {
            error = $"\"{text}\" is not of the form transport:host:port, for example udp:0.0.0.0:5060";
            return false;
        }

        if (!SipTransportKindNames.TryParse(parts[..colon], out var kind))
        {
            error = $"\"{parts[..colon]}\" in \"{text}\" is no transport; known are udp, tcp and tls";
            return false;
        }

        var rest = parts[(colon + 1)..];
        int portColon = rest.LastIndexOf(':');
        bool inBrackets = rest.StartsWith('[') && rest.IndexOf(']') > portColon;
        int port = kind.DefaultPort();
        var host = rest;
        if (portColon >= 0 && !inBrackets)
        {
            host = rest[..portColon];
            if (!int.TryParse(rest[(portColon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort)
            {
                error = $"\"{rest[(portColon + 1)..]}\" in \"{text}\" is no port number (0 to 65535)";
                return false;
            }
        }

        if (!TryParseHost(host, out var address))
        {
            error = $"\"{host}\" in \"{text}\" is no IP address; write an IPv4 address, an IPv6 address in brackets, localhost or *";
            return false;
        }

        if (!TryParseAdvertised(advertised, out var advertisedHost, out var advertisedPort))
        {
            error = $"\"{advertised}\" in \"{text}\" is neither host, host:port nor port";
            return false;
        }

        listen = new SipListen(kind, new IPEndPoint(address, port)) { AdvertisedHost = advertisedHost, AdvertisedPort = advertisedPort };
        return true;
    }

    public override string ToString() => $"{Kind.UriName()}:{EndPoint}";

    private static bool TryParseAdvertised(string? text, out string? host, out int? port)
    {
        host = null;
        port = null;
        if (text is null)
            return true;
        if (SipGrammar.TryParseNumber(text, IPEndPoint.MaxPort, out var number))
        {
            port = (int)number;
            return number > 0;
        }

        if (!SipUri.TryParse("sip:" + text, out var uri) || uri is null || uri.User is not null || uri.Parameters.Count > 0 || uri.Headers.Count > 0)
            return false;
        host = uri.Host;
        port = uri.Port;
        return true;
    }

    private static bool TryParseHost(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        if (host is "*")
            address = IPAddress.Any;
        else if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
            address = IPAddress.Loopback;
        else if (host.Contains(':') && !host.StartsWith('['))
            address = null; // an IPv6 address without brackets: its port would be a guess
        else
            _ = IPAddress.TryParse(host.Trim('[', ']'), out address);
        return address is not null;
    }
}
