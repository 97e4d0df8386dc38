using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Tests.Testing;

internal sealed class RecordingControl : ICallControl
{
    public List<string> HangUps { get; } = [];

    public List<TransferRequest> Transfers { get; } = [];

    public TransferOutcome Outcome { get; set; } = new(TransferStatus.NotSupported);

    public void HangUpAfterPlayout(string reason) => HangUps.Add(reason);

    public List<string> Keys { get; } = [];

    public DigitsOutcome KeysOutcome { get; set; } = DigitsOutcome.AsEvents;

    public Task<DigitsOutcome> SendDigitsAsync(string digits, CancellationToken cancellationToken)
    {
        if (digits.Any(static c => !"0123456789*#,".Contains(c))) throw new ArgumentException("no keys", nameof(digits));
        Keys.Add(digits);
        return Task.FromResult(KeysOutcome);
    }

    public List<string> Instructions { get; } = [];

    public void Instruct(string instructions, IReadOnlyList<string>? tools = null) => Instructions.Add(instructions);

    public Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        Transfers.Add(request);
        return Task.FromResult(Outcome);
    }
}
