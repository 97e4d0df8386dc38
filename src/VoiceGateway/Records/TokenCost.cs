namespace VoiceGateway.Records;

/// <summary>Money, by the configured price table.</summary>
/// <param name="Amount">Exact: never rounded before it is stored.</param>
/// <param name="Currency">As configured.</param>
/// <param name="UnpricedTokens">Tokens of models that the table has no prices for; they are not in <paramref name="Amount"/>.</param>
public sealed record TokenCost(decimal Amount, string Currency, long UnpricedTokens = 0);
