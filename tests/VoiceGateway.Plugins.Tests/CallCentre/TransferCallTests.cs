using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.CallCentre;

public class TransferCallTests
{
    [Fact]
    public async Task TransferCall_WithoutATarget_AsksForTheAgentsHuman()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        host.Control.Outcome = new TransferOutcome(TransferStatus.Connected, 200, "The caller has been connected.");
        var answer = await host.InvokeAsync("transfer_call", new { summary = "Wants to complain about the soup." });
        var request = Assert.Single(host.Control.Transfers);
        Assert.Equal(("", TransferKind.Blind, "Wants to complain about the soup."), (request.Target, request.Kind, request.Summary));
        Assert.True(answer.GetProperty("is_connected").GetBoolean());
    }

    [Fact]
    public async Task TransferCall_Fails_SaysHowInAWordAndInASentence()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        host.Control.Outcome = new TransferOutcome(TransferStatus.NoAnswer, 480, "Nobody answered.");
        var answer = await host.InvokeAsync("transfer_call", new { summary = "Soup.", target = " 200 " });
        Assert.Equal("200", Assert.Single(host.Control.Transfers).Target);
        Assert.Equal((false, "no_answer", "Nobody answered."),
            (answer.GetProperty("is_connected").GetBoolean(), answer.GetProperty("status").GetString(), answer.GetProperty("explanation").GetString()));
    }
}
