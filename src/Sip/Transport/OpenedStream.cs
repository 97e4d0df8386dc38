using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>A connection's stream, ready for messages, and who was found at its other end.</summary>
/// <param name="Stream">Owns the socket.</param>
/// <param name="Peer">The peer's certificate if it is valid.</param>
/// <param name="OffersReuse">Whether we have shown a certificate, so that the peer may send us requests here (RFC 5923 section 5).</param>
internal readonly record struct OpenedStream(Stream Stream, X509Certificate2? Peer = null, bool OffersReuse = false);
