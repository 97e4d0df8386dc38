using VoiceGateway.Records;

namespace VoiceGateway.Calls;

/// <summary>What one model was used for since the gateway started.</summary>
/// <param name="Model">As configured.</param>
/// <param name="Tokens">By direction and modality.</param>
/// <param name="Cost">Null without prices.</param>
public sealed record ModelUsage(string Model, IReadOnlyList<TokenCount> Tokens, TokenCost? Cost);
