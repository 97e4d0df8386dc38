using VoiceGateway.Calls;
using VoiceGateway.Records;

namespace VoiceGateway.Tests.Calls;

/// <summary>The figures are reckoned by hand.</summary>
public sealed class ModelPricesTests
{
    private readonly ModelPrices _prices = new() { InputTextPerMillion = 0.75m, InputAudioPerMillion = 3.15m, OutputTextPerMillion = 4.5m, OutputAudioPerMillion = 18.3m };

    [Fact]
    public void CostOf_EveryKind_IsExact() =>
        // 332 × 0.75 = 249; 165 × 3.15 = 519.75; 25 × 3.15 = 78.75; 42 × 18.3 = 768.6; 7 × 4.5 = 31.5; 136 × 4.5 = 612; 11 × 0.75 = 8.25.
        Assert.Equal(0.00226785m, _prices.CostOf(
        [
            new("prompt", "TEXT", 332), new("prompt", "AUDIO", 165), new("prompt", "UNSPECIFIED", 25), new("response", "AUDIO", 42),
            new("response", "TEXT", 7), new("thoughts", "TEXT", 136), new("tool_use", "TEXT", 11),
        ]));

    [Fact]
    public void CostOf_ImagesAndVideo_FallBackToWhatIsThere()
    {
        IReadOnlyList<TokenCount> tokens = [new("prompt", "IMAGE", 1_000_000), new("prompt", "VIDEO", 1_000_000), new("prompt", "DOCUMENT", 1_000_000)];
        Assert.Equal(2.25m, _prices.CostOf(tokens));
        _prices.InputImagePerMillion = 1;
        Assert.Equal(2.75m, _prices.CostOf(tokens));
        _prices.InputVideoPerMillion = 2;
        Assert.Equal(3.75m, _prices.CostOf(tokens));
    }

    [Fact]
    public void CostOf_ThoughtsWithAPriceOfTheirOwn_TakeIt()
    {
        _prices.ThoughtsPerMillion = 2;
        Assert.Equal(2m, _prices.CostOf([new("thoughts", "TEXT", 1_000_000)]));
    }

    [Theory]
    [InlineData(null, 1.65)]
    [InlineData(0.25, 0.80)]
    public void CostOf_PartFromTheCache_IsPricedApartAndTextFirst(double? cachedPrice, double cost)
    {
        _prices.InputAudioPerMillion = 3;
        _prices.CachedInputPerMillion = (decimal?)cachedPrice;
        // 0.6 × 0.75 + 0.4 × 3 = 1.65; of that from the cache 0.6 × (0.75 - 0.25) + 0.2 × (3 - 0.25) = 0.85 less.
        Assert.Equal((decimal)cost, _prices.CostOf([new("prompt", "TEXT", 600_000), new("prompt", "AUDIO", 400_000), new("cached", "UNSPECIFIED", 800_000)]));
    }

    [Fact]
    public void CostOf_CacheOfANamedModality_TakesThatPrice()
    {
        _prices.CachedInputPerMillion = 0.15m;
        Assert.Equal(0.15m, _prices.CostOf([new("prompt", "AUDIO", 1_000_000), new("cached", "AUDIO", 1_000_000)]));
    }

    [Theory]
    [InlineData("gemini-3.8-live", "3.8")]
    [InlineData("models/gemini-3.8-live", "3.8")]
    [InlineData("publishers/google/models/Gemini-3.8-Live-preview", "3.8")]
    [InlineData("gemini-3.8-live-extended-thinking", "thinking")]
    [InlineData("gemini-3.1-flash-live-preview", "family")]
    [InlineData("palm", null)]
    public void For_Model_TakesTheLongestRowThatItsNameBeginsWith(string model, string? row)
    {
        var rows = new Dictionary<string, ModelPrices> { ["gemini-3"] = new(), ["gemini-3.8-live"] = new(), ["models/gemini-3.8-live-extended"] = new() };
        var expected = row switch { "3.8" => rows["gemini-3.8-live"], "thinking" => rows["models/gemini-3.8-live-extended"], "family" => rows["gemini-3"], _ => null };
        Assert.Same(expected, new PriceTable("USD", rows).For(model));
    }
}
