using System.Net;

namespace VoiceGateway.Sip;

/// <summary>The way to a peer.</summary>
/// <param name="Transport">By which it goes.</param>
/// <param name="Peer">The next hop.</param>
/// <param name="LocalAddress">The interface's address: media ports are opened there.</param>
/// <param name="AdvertisedAddress">Our address as SDP tells the peer.</param>
public readonly record struct SipPath(SipTransportKind Transport, IPEndPoint Peer, IPAddress LocalAddress, IPAddress AdvertisedAddress);
