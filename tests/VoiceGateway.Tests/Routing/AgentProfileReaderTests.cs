using VoiceGateway.Abstractions;
using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Routing;

/// <summary>Every complaint names the file and the key in it, and says what may stand there.</summary>
public sealed class AgentProfileReaderTests
{
    [Theory]
    [InlineData("""{ "voize": "Kore" }""", "voize", "voice")]
    [InlineData("""{ "name": "x" }""", "name", "unknown key")]
    [InlineData("""{ "voice": 3 }""", "voice", "text")]
    [InlineData("""{ "greeting": null }""", "greeting", "null")]
    [InlineData("""{ "tools": "*" }""", "tools", "list")]
    [InlineData("""{ "tools": ["a", 1] }""", "tools[1]", "text")]
    [InlineData("""{ "resumption": "yes" }""", "resumption", "true or false")]
    [InlineData("""{ "generation": [] }""", "generation", "object")]
    [InlineData("""{ "generation": { "temp": 1 } }""", "generation.temp", "temperature")]
    [InlineData("""{ "generation": { "temperature": "hot" } }""", "generation.temperature", "number")]
    [InlineData("""{ "generation": { "temperature": 2.5 } }""", "generation.temperature", "between 0 and 2")]
    [InlineData("""{ "generation": { "topP": -0.1 } }""", "generation.topP", "between 0 and 1")]
    [InlineData("""{ "generation": { "topK": 1.5 } }""", "generation.topK", "whole number")]
    [InlineData("""{ "generation": { "presencePenalty": 3 } }""", "generation.presencePenalty", "between -2 and 2")]
    [InlineData("""{ "generation": { "mediaResolution": "tiny" } }""", "generation.mediaResolution", "low, medium, high")]
    [InlineData("""{ "thinking": { "level": "huge" } }""", "thinking.level", "minimal, low, medium, high")]
    [InlineData("""{ "thinking": { "level": 1 } }""", "thinking.level", "minimal, low, medium, high")]
    [InlineData("""{ "thinking": { "budget": -2 } }""", "thinking.budget", "between")]
    [InlineData("""{ "activity": { "silenceDurationMs": -1 } }""", "activity.silenceDurationMs", "between")]
    [InlineData("""{ "activity": { "coverage": "some" } }""", "activity.coverage", "onlyActivity, allInput")]
    [InlineData("""{ "history": [ { "role": "system", "text": "x" } ] }""", "history[0].role", "user, model")]
    [InlineData("""{ "history": [ { "role": "user", "text": "" } ] }""", "history[0].text", "empty")]
    [InlineData("""{ "toolBehavior": { "*": "sometimes" } }""", "toolBehavior.*", "blocking, nonBlocking")]
    [InlineData("""{ "toolScheduling": { "book": "later" } }""", "toolScheduling.book", "silent, whenIdle, interrupt")]
    [InlineData("""{ "fallback": [ { "region": "x" } ] }""", "fallback[0].region", "location")]
    [InlineData("""{ "customer": { "tool": "" } }""", "customer.tool", "name a tool")]
    [InlineData("""{ "instructionsFile": "none.md" }""", "instructionsFile", "none.md")]
    [InlineData("""{ "instructions": "a", "instructionsFile": "b" }""", "instructionsFile", "one of the two")]
    public void Read_WhatCannotBe_NamesFileAndKey(string json, string key, string words)
    {
        using var folder = new AgentsFolder(json);
        var error = Assert.Throws<ConfigurationException>(() => RouteTable.Load(folder.Path));
        Assert.Equal("agents/default.json:" + key, error.Key);
        Assert.Contains(words, error.Problem);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("""{ "voice": """)]
    [InlineData("""{ "voice": "Kore", "voice": "Puck" }""")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Read_NoObject_NamesTheFile(string json)
    {
        using var folder = new AgentsFolder(json);
        Assert.Equal("agents/default.json", Assert.Throws<ConfigurationException>(() => RouteTable.Load(folder.Path)).Key);
    }

    [Theory]
    [InlineData("""{ "responseModality": "TEXT" }""", "responseModality", "no audio")]
    [InlineData("""{ "timeZone": "Mars/Olympus" }""", "timeZone", "Mars/Olympus")]
    [InlineData("""{ "instructions": "Hello {{calller}}." }""", "instructions", "{{calller}}")]
    [InlineData("""{ "greeting": "Hello {{ }}." }""", "greeting", "{{ }}")]
    [InlineData("""{ "greeting": "Hello {{caller}} {{caller" }""", "greeting", "{{caller")]
    [InlineData("""{ "history": [ { "role": "user", "text": "{{nobody}}" } ] }""", "history[0].text", "{{nobody}}")]
    [InlineData("""{ "greeting": "Greet {{customer.name|the guest}}." }""", "greeting", "customer")]
    [InlineData("""{ "thinking": { "level": "low", "budget": 10 } }""", "thinking.budget", "one of the two")]
    [InlineData("""{ "activity": { "detection": "manual", "endSensitivity": "low" } }""", "activity.endSensitivity", "automatic")]
    [InlineData("""{ "compression": { "enabled": false, "triggerTokens": 1 } }""", "compression.enabled", "thresholds")]
    [InlineData("""{ "compression": { "triggerTokens": 10, "targetTokens": 10 } }""", "compression.targetTokens", "10")]
    [InlineData("""{ "fallback": [ {} ] }""", "fallback[0]", "another model")]
    [InlineData("""{ "fallback": [ { "endpoint": "https://x" } ] }""", "fallback[0].endpoint", "wss://")]
    [InlineData("""{ "fallback": [ { "model": "m", "without": ["tools"] } ] }""", "fallback[0].without", "thinking")]
    public void Check_WhatContradictsItself_NamesFileAndKey(string json, string key, string words)
    {
        using var folder = new AgentsFolder(json);
        var agent = RouteTable.Load(folder.Path).Agent("default")!;
        var error = Assert.Throws<ConfigurationException>(() => AgentProfileRules.Check(agent));
        Assert.Equal("agents/default.json:" + key, error.Key);
        Assert.Contains(words, error.Problem);
    }

    [Fact]
    public void Read_CommentsAndTrailingCommas_AreFine()
    {
        using var folder = new AgentsFolder("{ // who\n \"voice\": \"Kore\", /* what */ \"tools\": [\"*\",], }");
        Assert.Equal("Kore", RouteTable.Load(folder.Path).Agent("default")!.Voice);
    }

    [Fact]
    public void Read_FilesBesideTheAgent_AreFoundFromItsFolder()
    {
        using var folder = new AgentsFolder("""{ "instructionsFile": "host.md", "apology": "sorry.wav", "fallback": [ { "apiKeyFile": "second.key" } ] }""");
        folder.Write("host.md", "You are the host.\nBe {brief}.\n");
        var agent = RouteTable.Load(folder.Path).Agent("default")!;
        AgentProfileRules.Check(agent);
        Assert.Equal("You are the host.\nBe {brief}.", agent.Instructions);
        Assert.Equal(Path.Combine(folder.Path, "agents", "sorry.wav"), agent.Apology);
        Assert.Equal(Path.Combine(folder.Path, "agents", "second.key"), agent.Fallback[0].ApiKeyFile);
    }

    [Fact]
    public void Check_UnknownVariableInAFile_NamesTheFile()
    {
        using var folder = new AgentsFolder("""{ "instructionsFile": "host.md" }""");
        folder.Write("host.md", "Hello {{nobody}}");
        var error = Assert.Throws<ConfigurationException>(() => AgentProfileRules.Check(RouteTable.Load(folder.Path).Agent("default")!));
        Assert.Equal("agents/default.json:instructionsFile", error.Key);
        Assert.Contains("host.md", error.Problem);
    }
}
