using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly AgentProfile[] Agents = [new() { Name = "default" }, new() { Name = "berlin" }];

    [Theory]
    [InlineData("+4930123", "berlin")]
    [InlineData("100", "berlin")]
    [InlineData("1000", "default")]
    [InlineData("", "default")]
    public void Match_FirstThatFits_Wins(string dialled, string agent)
    {
        var table = new RouteTable([new("+4930*", "berlin"), new("100", "berlin"), new("*", "default")], Agents);
        Assert.Equal(agent, table.Match(dialled)?.Name);
    }

    [Fact]
    public void Match_NoRoute_IsNull() => Assert.Null(new RouteTable([new("100", "default")], Agents).Match("200"));

    [Fact]
    public void Constructor_RouteToUnknownAgent_SaysWhichFileIsMissing()
    {
        var error = Assert.Throws<InvalidDataException>(() => new RouteTable([new("*", "nobody")], Agents));
        Assert.Contains("agents/nobody.json", error.Message);
    }

    [Theory]
    [InlineData("""{ "routes": [ { "dialled": "*" } ] }""")]
    [InlineData("""{ "routes": [ { "agent": "default" } ] }""")]
    [InlineData("""{ "routes": null }""")]
    [InlineData("""{ }""")]
    [InlineData("""{ "routes": [""")]
    public void Load_RouteThatLacksSomething_NamesTheFile(string routes)
    {
        var folder = Directory.CreateTempSubdirectory("routes");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "agents"));
        File.WriteAllText(Path.Combine(folder.FullName, "agents", "default.json"), "{}");
        File.WriteAllText(Path.Combine(folder.FullName, "routes.json"), routes);
        Assert.Contains("routes.json", Assert.Throws<InvalidDataException>(() => RouteTable.Load(folder.FullName)).Message);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Load_MistypedKey_NamesTheFileAndTheKey()
    {
        var folder = Directory.CreateTempSubdirectory("routes");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "agents"));
        File.WriteAllText(Path.Combine(folder.FullName, "routes.json"), """{ "routes": [ { "dialled": "*", "agent": "default" } ] }""");
        File.WriteAllText(Path.Combine(folder.FullName, "agents", "default.json"), """{ "voize": "Kore" }""");
        var error = Assert.Throws<InvalidDataException>(() => RouteTable.Load(folder.FullName));
        Assert.Contains("default.json", error.Message);
        Assert.Contains("voize", error.Message);
        folder.Delete(recursive: true);
    }
}
