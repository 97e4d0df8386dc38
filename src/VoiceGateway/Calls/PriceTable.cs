namespace VoiceGateway.Calls;

/// <summary>
/// Section <c>Prices</c>: what tokens cost, by model. Nothing is built in, for prices change without notice: an empty table means
/// no cost anywhere. A row is for the model of that name and for those whose names begin with it; the longest such row counts.
/// </summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Models">By model name or its beginning; a path before it (<c>models/</c>, <c>publishers/google/models/</c>) is of no matter.</param>
public sealed record PriceTable(string Currency, IReadOnlyDictionary<string, ModelPrices> Models)
{
    public const string Section = "Prices";
    public const string DefaultCurrency = "USD";

    public static PriceTable Empty { get; } = new(DefaultCurrency, new Dictionary<string, ModelPrices>());

    /// <returns>Null when no row fits.</returns>
    public ModelPrices? For(string model)
    {
        var name = Name(model);
        return Models
            .Where(row => name.StartsWith(Name(row.Key), StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(static row => Name(row.Key).Length)
            .Select(static row => row.Value)
            .FirstOrDefault();
    }

    private static string Name(string model) => model[(model.LastIndexOf('/') + 1)..];
}
