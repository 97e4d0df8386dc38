namespace VoiceGateway.Sip;

/// <summary>What <see cref="SipStreamFramer.Read"/> found.</summary>
public enum SipFrame
{
    /// <summary>The input is used up and nothing is complete.</summary>
    NeedMore,

    /// <summary>One whole message.</summary>
    Message,

    /// <summary>A double CRLF between messages: answer with one CRLF (RFC 5626 section 4.4.1).</summary>
    Ping,

    /// <summary>Where the next message starts cannot be known: answer if possible, then close the connection.</summary>
    Error,
}
