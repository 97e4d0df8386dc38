namespace VoiceGateway.Sip;

/// <summary>A request that is being served, or was answered a short while ago: what its repeats, its ACK and its CANCEL belong to.</summary>
internal interface IServedRequest
{
    ServerTransactionKey Key { get; }

    /// <summary>Status of the last response sent; 0 before the first.</summary>
    int LastStatus { get; }

    /// <summary>The To tag of our responses to an INVITE, which the answer to a CANCEL repeats (RFC 3261 section 9.2).</summary>
    string? LocalTag { get; }

    /// <summary>A repeat of the request, or an ACK that matches it. Any thread.</summary>
    void Deliver(SipRequest request);

    /// <summary>Any thread.</summary>
    void End();
}
