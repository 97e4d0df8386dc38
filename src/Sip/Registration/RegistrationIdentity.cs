namespace VoiceGateway.Sip;

/// <summary>
/// What all REGISTERs of one registration share (RFC 3261 section 10.2): a Call-ID, by whose CSeq the registrar sees their order, our
/// tag, and the nonces that the registrar gave us.
/// </summary>
internal sealed class RegistrationIdentity(SipCredentials? credentials)
{
    public string CallId { get; } = SipIdentifiers.NewCallId();

    public string Tag { get; } = SipIdentifiers.NewTag();

    public DigestClient? Digest { get; } = credentials is null ? null : new DigestClient(credentials);

    /// <summary>CSeq of the latest REGISTER.</summary>
    public uint Sequence { get; set; }

    /// <summary>The shortest life that the registrar gives a binding, once a 423 has said so.</summary>
    public TimeSpan LeastExpires { get; set; }
}
