namespace VoiceGateway.Sip;

/// <summary>Who wants a request sent; called in its mailbox.</summary>
internal interface IRequestAttemptsUser
{
    /// <summary>
    /// The request as it is about to leave by this flow, once for each attempt; Contact and what else depends on the way is put now.
    /// Via and credentials are in it.
    /// </summary>
    void OnSending(SipRequest request, SipFlow flow);

    void OnProvisional(SipResponse response);

    /// <summary>The outcome; and for INVITE every further 2xx.</summary>
    void OnFinal(SipResponse response);

    /// <summary>The outcome, when no response was had.</summary>
    void OnFailed(ClientFailure failure);
}
