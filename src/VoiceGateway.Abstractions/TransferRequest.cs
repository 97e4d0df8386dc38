namespace VoiceGateway.Abstractions;

/// <summary>Where a caller should go.</summary>
/// <param name="Target">A number, an extension or a SIP URI; empty: the person that the agent's profile names as <c>human</c>.</param>
public sealed record TransferRequest(string Target)
{
    public TransferKind Kind { get; init; } = TransferKind.Blind;

    /// <summary>How long the other side may ring; null: the gateway's setting.</summary>
    public TimeSpan? RingTimeout { get; init; }

    /// <summary>What the call was about, for the record and for whoever takes it over.</summary>
    public string? Summary { get; init; }
}
