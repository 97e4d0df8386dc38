namespace VoiceGateway.Sip;

/// <summary>Why a message was not accepted. Holds no text from the message.</summary>
public sealed class SipParseError
{
    public static SipParseError None { get; } = new(SipParseErrorKind.None, 0, "", null);

    internal SipParseError(SipParseErrorKind kind, int statusCode, string reason, SipResponse? answer)
    {
        Kind = kind;
        StatusCode = statusCode;
        Reason = reason;
        Answer = answer;
    }

    public SipParseErrorKind Kind { get; }

    /// <summary>400, 413, 414, 505 or 513, also where nobody can be told; 0 for <see cref="None"/>.</summary>
    public int StatusCode { get; }

    /// <summary>One line, fit for a reason phrase and a log: "Content-Length exceeds the datagram".</summary>
    public string Reason { get; }

    /// <summary>Whether enough could be read to answer.</summary>
    public bool IsAnswerable => Answer is not null;

    /// <summary>
    /// The response to send statelessly to where the message came from (RFC 3261 section 8.2.7), with the identifying headers copied
    /// as they came. Its typed properties may throw where the request was malformed.
    /// </summary>
    public SipResponse? Answer { get; }

    public override string ToString() => Reason;
}
