namespace VoiceGateway.Sip;

/// <summary>The user of a transaction whose outcome changes nothing, such as a CANCEL.</summary>
internal sealed class DiscardResponses : IClientTransactionUser
{
    public static DiscardResponses Instance { get; } = new();

    public void OnResponse(SipResponse response)
    {
    }

    public void OnFailed(ClientFailure failure)
    {
    }
}
