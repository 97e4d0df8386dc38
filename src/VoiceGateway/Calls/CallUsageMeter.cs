using VoiceGateway.Records;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>Counts the tokens of all calls: one for the gateway. What each call counts goes to the metrics and to the sums since the start.</summary>
public sealed class CallUsageMeter(PriceTable prices, CallMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (List<TokenCount> Tokens, decimal? Cost)> _models = new(StringComparer.Ordinal);

    public PriceTable Prices { get; } = prices;

    /// <param name="timeline">Whose clock dates the turns.</param>
    /// <param name="model">The model that the call begins with.</param>
    public CallUsage Begin(TurnTimeline timeline, string model) => new(this, timeline, model);

    /// <summary>By model, over all calls since the gateway started.</summary>
    public IReadOnlyList<ModelUsage> SinceStart()
    {
        lock (_gate)
            return [.. _models.Select(m => new ModelUsage(m.Key, [.. m.Value.Tokens], m.Value.Cost is { } amount ? new TokenCost(amount, Prices.Currency) : null))];
    }

    internal void Counted(string model, List<TokenCount> more, decimal? cost)
    {
        foreach (var (direction, modality, tokens) in more)
            if (tokens > 0) metrics.TokensUsed(model, direction, UsageCells.Tag(modality), tokens);
        if (cost > 0) metrics.Cost(model, Prices.Currency, cost.Value);
        lock (_gate)
        {
            if (!_models.TryGetValue(model, out var sum)) sum = ([], null);
            UsageCells.Add(sum.Tokens, more);
            _models[model] = (sum.Tokens, cost is { } amount ? (sum.Cost ?? 0) + amount : sum.Cost);
        }
    }
}
