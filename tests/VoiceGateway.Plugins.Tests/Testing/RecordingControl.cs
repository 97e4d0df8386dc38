using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Tests.Testing;

internal sealed class RecordingControl : ICallControl
{
    public List<string> HangUps { get; } = [];

    public List<TransferRequest> Transfers { get; } = [];

    public TransferOutcome Outcome { get; set; } = new(TransferStatus.NotSupported);

    public void HangUpAfterPlayout(string reason) => HangUps.Add(reason);

    public List<string> Instructions { get; } = [];

    public void Instruct(string instructions, IReadOnlyList<string>? tools = null) => Instructions.Add(instructions);

    public Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        Transfers.Add(request);
        return Task.FromResult(Outcome);
    }
}
