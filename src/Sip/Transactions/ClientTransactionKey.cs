namespace VoiceGateway.Sip;

/// <summary>RFC 3261 section 17.1.3: a response belongs to the request with the branch of its top Via and the method of its CSeq.</summary>
internal readonly record struct ClientTransactionKey(string Branch, string Method)
{
    public static ClientTransactionKey Of(SipMessage message) => new(message.TopVia.Branch ?? "", message.CSeq.Method);
}
