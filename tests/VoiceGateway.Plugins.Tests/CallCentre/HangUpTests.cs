using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.CallCentre;

public class HangUpTests
{
    [Fact]
    public async Task HangUp_WithAReason_AsksForTheEndAfterPlayout()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var answer = await host.InvokeAsync("hang_up", new { reason = "caller said goodbye" });
        Assert.Equal(["caller said goodbye"], host.Control.HangUps);
        Assert.Contains("goodbye", answer.GetString());
    }

    [Fact]
    public async Task HangUp_WithoutAReason_HasOne()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        await host.InvokeAsync("hang_up", new { });
        Assert.Equal(["ended by the agent"], host.Control.HangUps);
    }
}
