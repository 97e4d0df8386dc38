using VoiceGateway.Abstractions;
using VoiceGateway.Calls;

namespace VoiceGateway.Hosting;

internal static class PriceTables
{
    private const string Currency = "Currency";

    /// <summary>Section <c>Prices</c>: <c>Currency</c>, and below each other key the prices of a model.</summary>
    /// <exception cref="ConfigurationException">A price that is missing, negative or unknown; a currency that is none.</exception>
    public static PriceTable Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(PriceTable.Section);
        var currency = section[Currency] is { Length: > 0 } given ? given : PriceTable.DefaultCurrency;
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
            throw new ConfigurationException($"{PriceTable.Section}:{Currency}", $"'{currency}' is not valid: must be three capital letters, as in ISO 4217");
        var models = new Dictionary<string, ModelPrices>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in section.GetChildren().Where(static c => !c.Key.Equals(Currency, StringComparison.OrdinalIgnoreCase)))
        {
            // A plain value here is a mistyped key of the section, or prices without their model.
            if (model.Value is { Length: > 0 })
                throw new ConfigurationException(model.Path, $"unknown key; known are {Currency} and models, as in {PriceTable.Section}:gemini-3.8-live:{nameof(ModelPrices.InputTextPerMillion)}");
            models[model.Key] = OptionsReader.Read<ModelPrices>(configuration, model.Path);
        }
        return new PriceTable(currency, models);
    }
}
