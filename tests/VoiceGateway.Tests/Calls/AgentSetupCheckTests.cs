using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tests.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Calls;

/// <summary>What a model refuses is a complaint of the start that names file and key, never a call that fails with 1007.</summary>
public sealed class AgentSetupCheckTests
{
    [Theory]
    [InlineData("""{ "thinking": { "level": "low" } }""", "thinking.level")]
    [InlineData("""{ "thinking": { "budget": 100 } }""", "thinking.budget")]
    [InlineData("""{ "thinking": { "includeThoughts": true } }""", "thinking")]
    [InlineData("""{ "model": "gemini-3.8-live-extended-thinking", "thinking": { "level": "minimal" } }""", "thinking.level")]
    [InlineData("""{ "model": "gemini-2.5-flash-native-audio", "thinking": { "level": "low" } }""", "thinking.level")]
    [InlineData("""{ "affectiveDialog": true }""", "affectiveDialog")]
    [InlineData("""{ "proactiveAudio": true }""", "proactiveAudio")]
    [InlineData("""{ "model": "gemini-2.5-flash-native-audio", "proactiveAudio": true }""", "proactiveAudio")]
    [InlineData("""{ "language": "xx-YY" }""", "language")]
    [InlineData("""{ "voice": "not a voice" }""", "voice")]
    [InlineData("""{ "tools": ["nothing"] }""", "tools")]
    [InlineData("""{ "tools": ["*"], "toolBehavior": { "nothing": "blocking" } }""", "toolBehavior.nothing")]
    [InlineData("""{ "tools": ["find"], "toolBehavior": { "book": "blocking" } }""", "toolBehavior.book")]
    [InlineData("""{ "tools": ["*"], "model": "gemini-3.8-live-extended-thinking", "toolBehavior": { "desk/*": "blocking" } }""", "toolBehavior.desk/*")]
    [InlineData("""{ "tools": ["*"], "model": "gemini-3.8-live-extended-thinking", "toolScheduling": { "*": "whenIdle" } }""", "toolScheduling.*")]
    [InlineData("""{ "tools": ["*"], "model": "gemini-3.1-flash-live-preview", "toolScheduling": { "book": "silent" } }""", "toolScheduling.book")]
    [InlineData("""{ "tools": ["*"], "toolBehavior": { "book": "blocking" }, "toolScheduling": { "book": "silent" } }""", "toolScheduling.book")]
    [InlineData("""{ "compression": { "triggerTokens": 9000000 } }""", "compression.triggerTokens")]
    [InlineData("""{ "customer": { "tool": "nobody" } }""", "customer.tool")]
    [InlineData("""{ "customer": { "tool": "find", "argument": "number" } }""", "customer.argument")]
    [InlineData("""{ "human": "not a number!" }""", "human")]
    [InlineData("""{ "apology": "none.wav" }""", "apology")]
    [InlineData("""{ "greeting": "{{nobody}}" }""", "greeting")]
    [InlineData("""{ "responseModality": "TEXT" }""", "responseModality")]
    public void Check_WhatTheModelRefuses_NamesFileAndKey(string json, string key)
    {
        var error = Assert.Throws<ConfigurationException>(() => Check(json));
        Assert.Equal("agents/default.json:" + key, error.Key);
    }

    [Theory]
    [InlineData("""{ "tools": ["*"] }""")]
    [InlineData("""{ "model": "gemini-3.8-live-extended-thinking", "thinking": { "level": "low" } }""")]
    [InlineData("""{ "model": "gemini-2.5-flash-native-audio", "thinking": { "budget": 0 } }""")]
    [InlineData("""{ "tools": ["*"], "toolBehavior": { "*": "nonBlocking", "desk/book": "blocking" }, "toolScheduling": { "*": "whenIdle" } }""")]
    [InlineData("""{ "customer": { "tool": "desk/find", "argument": "phone" }, "greeting": "{{customer.name}}" }""")]
    [InlineData("""{ "human": "+49 30 123456" }""")]
    [InlineData("""{ "human": "sip:desk@example.com" }""")]
    [InlineData("""{ "language": "DE-de", "voice": "kore" }""")]
    public void Check_WhatTheModelTakes_IsFine(string json) => Assert.Empty(Check(json));

    [Fact]
    public void Check_VoiceOfTomorrow_IsAdviceAndNoComplaint() =>
        Assert.StartsWith("agents/default.json:voice: ", Assert.Single(Check("""{ "voice": "Nova" }""")));

    [Fact]
    public void Check_FallbackOfAnotherFamily_NamesTheFallbackAndTheWayOut()
    {
        var error = Assert.Throws<ConfigurationException>(() => Check(
            """{ "model": "gemini-3.8-live-extended-thinking", "thinking": { "level": "low" }, "fallback": [ { "model": "gemini-3.8-live-extended-thinking", "apiVersion": "v1" }, { "model": "gemini-3.8-live" } ] }"""));
        Assert.Equal("agents/default.json:fallback[1]", error.Key);
        Assert.Contains("""thinking.level""", error.Problem);
        Assert.Contains("""say "without": ["thinking"]""", error.Problem);
    }

    [Fact]
    public void Check_FallbackWithoutWhatItsFamilyRefuses_IsFine()
    {
        Check("""{ "model": "gemini-3.8-live-extended-thinking", "thinking": { "level": "low" }, "fallback": [ { "model": "gemini-3.8-live", "without": ["thinking"] } ] }""");
        Check("""{ "tools": ["*"], "toolScheduling": { "*": "silent" }, "fallback": [ { "model": "gemini-3.1-flash-live-preview", "without": ["toolScheduling"] } ] }""");
    }

    [Fact]
    public void Check_CorrectedFamily_TakesWhatItIsSaidToTake()
    {
        const string Json = """{ "model": "gemini-4-live", "thinking": { "level": "low" } }""";
        Assert.Throws<ConfigurationException>(() => Check(Json));
        Check(Json, new() { ["gemini-4-live"] = new() { ["thinking"] = "Level" } });
    }

    [Fact]
    public void Check_AsShipped_IsFine()
    {
        var routes = RouteTable.Load(Path.Combine(AppContext.BaseDirectory, "config"));
        Assert.Empty(AgentSetupCheck.Check(routes.Agents, Catalog(), Target([])));
    }

    private static IReadOnlyList<string> Check(string json, Dictionary<string, Dictionary<string, string>>? contracts = null)
    {
        using var folder = new AgentsFolder(json);
        return AgentSetupCheck.Check(RouteTable.Load(folder.Path).Agents, Catalog(), Target(contracts ?? []));
    }

    private static LiveTarget Target(Dictionary<string, Dictionary<string, string>> contracts) =>
        new(new LiveEndpoint(LiveEndpoint.Google, "key"), "gemini-3.8-live", TimeSpan.FromSeconds(1), false) { Contracts = new LiveContracts(contracts) };

    private static ToolCatalog Catalog()
    {
        var catalog = new ToolCatalog();
        catalog.Add("desk", [
            AIFunctionFactory.Create(static (string phone) => phone, "find", "finds"),
            AIFunctionFactory.Create(static () => "", "book", "books"),
        ]);
        return catalog;
    }
}
