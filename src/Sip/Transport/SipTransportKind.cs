namespace VoiceGateway.Sip;

public enum SipTransportKind
{
    Udp,
    Tcp,
    Tls,
}
