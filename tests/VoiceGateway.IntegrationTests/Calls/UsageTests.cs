using System.Net.Http.Json;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Calls;

public sealed class UsageTests
{
    private const string Row = "Prices:gemini-3.8:";

    [Fact]
    public async Task Call_WithPrices_ShowsTokensByModalityAndTurnAndWhatTheyCost()
    {
        await using var rig = await GatewayRig.StartAsync("say",
            ("Prices:Currency", "EUR"), (Row + "InputTextPerMillion", "1"), (Row + "InputAudioPerMillion", "3"), (Row + "OutputTextPerMillion", "5"), (Row + "OutputAudioPerMillion", "12"));
        var report = await rig.CallAsync(new ListenStep(), new SayStep(GatewayRig.Line(2)), new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));

        var call = await rig.LastCallAsync();
        long Tokens(string direction, string modality) => call.Usage.Tokens.Where(t => t.Direction == direction && t.Modality == modality).Sum(static t => t.Tokens);
        // The simulator counts 25 tokens a second of audio: the greeting and the answer are some seconds each.
        Assert.InRange(Tokens("response", "AUDIO"), 50, 2000);
        Assert.InRange(Tokens("prompt", "AUDIO"), 25, 5000);
        Assert.InRange(Tokens("prompt", "TEXT"), 1, 10_000);
        Assert.Equal(2, call.Usage.Turns.Count);
        Assert.Equal(call.Usage.Total, call.Usage.Turns.Sum(static t => t.Tokens.Sum(static c => c.Tokens)));
        // The second prompt has the first turn in it.
        Assert.True(call.Usage.Turns[1].Tokens.Where(static t => t.Direction == "prompt").Sum(static t => t.Tokens) > call.Usage.Turns[0].Tokens.Where(static t => t.Direction == "prompt").Sum(static t => t.Tokens));

        var cost = (Tokens("prompt", "TEXT") * 1 + Tokens("prompt", "AUDIO") * 3 + (Tokens("response", "TEXT") + Tokens("thoughts", "TEXT")) * 5 + Tokens("response", "AUDIO") * 12) / 1_000_000m;
        Assert.Equal(("EUR", cost, 0L), (call.Usage.Cost!.Currency, call.Usage.Cost.Amount, call.Usage.Cost.UnpricedTokens));
        Assert.Equal(cost, call.Usage.Turns.Sum(static t => t.Cost));
        Assert.Equal("connected", Assert.Single(call.Link).Kind);

        var runtime = await rig.Http.GetFromJsonAsync<RuntimeApi.View>("/api/runtime", CallRecords.Json);
        var model = Assert.Single(runtime!.Usage);
        Assert.Equal((call.Model, cost), (model.Model, model.Cost!.Amount));
    }

    [Fact]
    public async Task Call_WithoutPrices_HasTokensAndNoCost()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await rig.CallAsync(new ListenStep(), new HangUpStep());
        var call = await rig.LastCallAsync();
        Assert.Null(call.Usage.Cost);
        Assert.NotEmpty(call.Usage.Tokens);
        Assert.DoesNotContain("\"cost\"", await rig.Http.GetStringAsync($"/api/calls/{call.Id}"));
    }
}
