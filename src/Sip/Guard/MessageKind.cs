namespace VoiceGateway.Sip;

internal enum MessageKind
{
    /// <summary>Line ends only: a keep-alive.</summary>
    Empty,

    /// <summary>Not SIP.</summary>
    Junk,

    Response,
    Invite,
    Ack,
    OtherRequest,
}
