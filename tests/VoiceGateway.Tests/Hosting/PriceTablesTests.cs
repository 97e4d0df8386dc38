using Microsoft.Extensions.Configuration;
using VoiceGateway.Abstractions;
using VoiceGateway.Hosting;

namespace VoiceGateway.Tests.Hosting;

public sealed class PriceTablesTests
{
    private const string Row = "Prices:gemini-3.8-live:";

    [Fact]
    public void Read_AsShipped_HasNoPrices()
    {
        var table = PriceTables.Read(GatewayConfiguration.Load([], Path.Combine(AppContext.BaseDirectory, "config"), withEnvironment: false));
        Assert.Equal("USD", table.Currency);
        Assert.Empty(table.Models);
    }

    [Fact]
    public void Read_Row_IsThere()
    {
        var table = PriceTables.Read(GatewayConfiguration.Load(
            ["--Prices:Currency=EUR", $"--{Row}InputTextPerMillion=0.75", $"--{Row}InputAudioPerMillion=3", $"--{Row}OutputTextPerMillion=4.5", $"--{Row}OutputAudioPerMillion=12.25"],
            Path.Combine(AppContext.BaseDirectory, "config"), withEnvironment: false));
        Assert.Equal("EUR", table.Currency);
        Assert.Equal(12.25m, table.For("gemini-3.8-live")!.OutputAudioPerMillion);
    }

    [Theory]
    [InlineData("Prices:Currency", "dollars", "Prices:Currency")]
    [InlineData("Prices:InputTextPerMillion", "1", "Prices:InputTextPerMillion")]
    [InlineData(Row + "OutputAudioPerMillion", "", Row + "OutputAudioPerMillion")]
    [InlineData(Row + "InputTextPerMillion", "-1", Row + "InputTextPerMillion")]
    [InlineData(Row + "InputTextPerMillion", "cheap", Row + "InputTextPerMillion")]
    [InlineData(Row + "InputPerMillion", "1", Row + "InputPerMillion")]
    public void Read_Mistake_NamesTheKey(string key, string value, string named)
    {
        var values = new Dictionary<string, string?>
        {
            [Row + "InputTextPerMillion"] = "0.75",
            [Row + "InputAudioPerMillion"] = "3",
            [Row + "OutputTextPerMillion"] = "4.5",
            [Row + "OutputAudioPerMillion"] = "12",
        };
        values[key] = value;
        var error = Assert.Throws<ConfigurationException>(() => PriceTables.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build()));
        Assert.StartsWith(named + ":", error.Message);
    }
}
