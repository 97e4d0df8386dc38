namespace VoiceGateway.Records;

/// <summary>What one turn of the model took.</summary>
/// <param name="Turn">From 1, counted over the whole call.</param>
/// <param name="AtMs">When its first count arrived, in ms from the start of the call.</param>
/// <param name="Model">The model that took the turn.</param>
/// <param name="Tokens">Its prompt is all that the model read for this turn: the whole context, not the new words alone.</param>
/// <param name="Cost">Null without a price.</param>
public sealed record TurnUsage(int Turn, long AtMs, string Model, IReadOnlyList<TokenCount> Tokens, decimal? Cost);
