using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>Where a message came from. Over UDP the address is only what the packet says.</summary>
/// <param name="EndPoint">The address and port.</param>
/// <param name="Transport">By which transport.</param>
/// <param name="Certificate">What the peer proved by TLS; null when there is none.</param>
public readonly record struct SipSource(IPEndPoint EndPoint, SipTransportKind Transport, X509Certificate2? Certificate = null)
{
    public override string ToString() => $"{Transport.UriName()}:{EndPoint}";

    internal static SipSource Of(SipFlow flow) => new(flow.RemoteEndPoint, flow.Kind, flow.PeerCertificate);
}
