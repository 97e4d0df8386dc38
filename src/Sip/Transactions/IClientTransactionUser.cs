namespace VoiceGateway.Sip;

/// <summary>Who sent the request; called in the transaction's mailbox.</summary>
internal interface IClientTransactionUser
{
    /// <summary>Every provisional response, the final one, and for INVITE every further 2xx (RFC 6026 section 7.2).</summary>
    void OnResponse(SipResponse response);

    void OnFailed(ClientFailure failure);
}
