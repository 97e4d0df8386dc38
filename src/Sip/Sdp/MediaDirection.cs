namespace VoiceGateway.Sip;

/// <summary>RFC 8866 section 6.7, always from the point of view of whoever's description it stands in.</summary>
public enum MediaDirection
{
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}
