namespace VoiceGateway.Records;

/// <summary>Money, by the configured price table.</summary>
/// <param name="Amount">Exact while the call runs; a record keeps nine decimals.</param>
/// <param name="Currency">As configured.</param>
/// <param name="UnpricedTokens">Tokens of models that the table has no prices for; they are not in <paramref name="Amount"/>.</param>
public sealed record TokenCost(decimal Amount, string Currency, long UnpricedTokens = 0)
{
    // Stored as a whole number, so that both databases add it up exactly.
    private const decimal Nano = 1_000_000_000;

    internal long ToNano() => (long)decimal.Round(Amount * Nano, MidpointRounding.ToEven);

    internal static TokenCost FromNano(long nano, string currency, long unpricedTokens) => new(nano / Nano, currency, unpricedTokens);
}
