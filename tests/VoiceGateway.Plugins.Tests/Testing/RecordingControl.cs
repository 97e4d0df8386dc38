using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Tests.Testing;

internal sealed class RecordingControl : ICallControl
{
    public List<string> HangUps { get; } = [];

    public List<TransferRequest> Transfers { get; } = [];

    public TransferOutcome Outcome { get; set; } = new(TransferStatus.NotSupported);

    public void HangUpAfterPlayout(string reason) => HangUps.Add(reason);

    public Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        Transfers.Add(request);
        return Task.FromResult(Outcome);
    }
}
