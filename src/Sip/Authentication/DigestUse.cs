namespace VoiceGateway.Sip;

/// <summary>What a client adds to a nonce with qop (RFC 7616 section 3.4); the count is text, as it is hashed and sent.</summary>
internal readonly record struct DigestUse(string Qop, string NonceCount, string ClientNonce)
{
    public const string Auth = "auth";
    public const string AuthInt = "auth-int";
}
