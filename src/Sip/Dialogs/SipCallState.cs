namespace VoiceGateway.Sip;

public enum SipCallState
{
    /// <summary>Outgoing: the INVITE is under way.</summary>
    Calling,

    /// <summary>100 was sent or received.</summary>
    Proceeding,

    /// <summary>180 or 183 was sent or received.</summary>
    Ringing,

    /// <summary>Incoming: 200 was sent, its ACK is awaited.</summary>
    Answered,

    /// <summary>200 and ACK went both ways.</summary>
    Established,

    /// <summary>BYE or CANCEL was sent, its answer is awaited.</summary>
    Ending,

    Ended,
}
