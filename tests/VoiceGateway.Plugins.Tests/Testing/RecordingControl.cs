using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Tests.Testing;

internal sealed class RecordingControl : ICallControl
{
    public List<string> HangUps { get; } = [];

    public void HangUpAfterPlayout(string reason) => HangUps.Add(reason);

    public Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new TransferOutcome(TransferStatus.NotSupported));
}
