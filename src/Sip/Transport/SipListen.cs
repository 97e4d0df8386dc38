using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>One place to listen, written <c>udp:127.0.0.1:5060</c>, <c>tcp:[::]:5060</c>, <c>udp:*:5060</c> or <c>tcp:localhost:0</c>.</summary>
public sealed record SipListen(SipTransportKind Kind, IPEndPoint EndPoint)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out SipListen? listen, [NotNullWhen(false)] out string? error)
    {
        listen = null;
        error = null;
        var parts = (text ?? "").Trim();
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

        listen = new SipListen(kind, new IPEndPoint(address, port));
        return true;
    }

    public override string ToString() => $"{Kind.UriName()}:{EndPoint}";

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
