namespace VoiceGateway.Sip;

/// <summary>What an offer and its answer agreed on to encrypt a stream with (RFC 4568). Each side sends under the key of its own description.</summary>
/// <param name="suite">Its name in the registry of IANA, whatever the peer wrote.</param>
/// <param name="sendKey">Ours.</param>
/// <param name="receiveKeys">The peer's: one, or several with identifiers of one length.</param>
public sealed class NegotiatedSrtp(string suite, SdpCryptoKey sendKey, IReadOnlyList<SdpCryptoKey> receiveKeys)
{
    public string Suite => suite;

    public SdpCryptoKey SendKey => sendKey;

    public IReadOnlyList<SdpCryptoKey> ReceiveKeys => receiveKeys;

    public override string ToString() => suite;
}
