using Acme.Greetings;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Docs;

/// <summary>The plugin printed in docs/plugins.md is the one compiled here.</summary>
public class PluginsPageTests
{
    [Fact]
    public void PluginsPage_HelloPlugin_IsTheSourceThatCompiles()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "plugins.md")).ReplaceLineEndings("\n");
        var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "HelloPlugin.cs")).ReplaceLineEndings("\n");
        Assert.Contains($"```csharp\n{source}```", page);
    }

    [Fact]
    public async Task HelloPlugin_Called_Greets()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var tool = Assert.Single(new GreetingsPlugin().CreateTools(new ToolPluginContext { Database = host.Database }));
        var arguments = new AIFunctionArguments { ["first_name"] = "Ada" };
        host.Call().AttachTo(arguments);

        Assert.Equal("say_hello", tool.Name);
        Assert.Equal("Hello Ada, you are calling from +4930123456.", (await tool.InvokeAsync(arguments))?.ToString());
    }
}
