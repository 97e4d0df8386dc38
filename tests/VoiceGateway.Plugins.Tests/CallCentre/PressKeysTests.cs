using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.CallCentre;

public class PressKeysTests
{
    [Fact]
    public async Task PressKeys_Keys_ArePressed()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var answer = await host.InvokeAsync("press_keys", new { keys = " 1,,23# " });
        Assert.Equal(["1,,23#"], host.Control.Keys);
        Assert.Contains("Pressed", answer.GetString());
    }

    [Theory]
    [InlineData("one")]
    [InlineData("1 2")]
    public async Task PressKeys_NoKeys_SaysWhatWouldWork(string keys)
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var refused = await Assert.ThrowsAsync<ToolException>(() => host.InvokeAsync("press_keys", new { keys }));
        Assert.Contains("0-9", refused.Message);
        Assert.Empty(host.Control.Keys);
    }

    [Fact]
    public async Task PressKeys_CallNotUp_SaysSo()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        host.Control.KeysOutcome = DigitsOutcome.NotSent;
        await Assert.ThrowsAsync<ToolException>(() => host.InvokeAsync("press_keys", new { keys = "1" }));
    }
}
