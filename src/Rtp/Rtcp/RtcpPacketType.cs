namespace VoiceGateway.Rtp;

/// <summary>RFC 3550 section 12.1.</summary>
internal enum RtcpPacketType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Bye = 203,
}
