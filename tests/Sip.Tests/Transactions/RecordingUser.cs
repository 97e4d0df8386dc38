namespace VoiceGateway.Sip.Tests.Transactions;

internal sealed class RecordingUser : IClientTransactionUser
{
    public List<int> Statuses { get; } = [];

    public List<ClientFailure> Failures { get; } = [];

    public void OnResponse(SipResponse response) => Statuses.Add(response.StatusCode);

    public void OnFailed(ClientFailure failure) => Failures.Add(failure);
}
