namespace VoiceGateway.IntegrationTests.Interop;

/// <param name="FirstLine">Request or status line.</param>
/// <param name="FromPeer">Towards the gateway.</param>
/// <param name="Time">1 for the first of its kind, 2 for its first repetition, byte by byte the same, and so on.</param>
internal sealed record SipDatagram(string FirstLine, bool FromPeer, int Time);
