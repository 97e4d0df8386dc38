namespace VoiceGateway.Abstractions;

/// <summary>The end of a transfer attempt.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="SipStatusCode">The final status that the other side or the trunk gave, when there was one.</param>
/// <param name="Explanation">In words that the model can pass on.</param>
public sealed record TransferOutcome(TransferStatus Status, int? SipStatusCode = null, string? Explanation = null)
{
    public bool IsConnected => Status == TransferStatus.Connected;
}
