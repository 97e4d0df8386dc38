using VoiceGateway.Abstractions;
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
        var error = Assert.Throws<ConfigurationException>(() => new RouteTable([new("*", "nobody")], Agents));
        Assert.Contains("agents/nobody.json", error.Message);
    }

    [Theory]
    [InlineData("""{ "routes": [ { "dialled": "*" } ] }""", "routes.json")]
    [InlineData("""{ "routes": [ { "agent": "default" } ] }""", "routes.json")]
    [InlineData("""{ "routes": [ { "dialled": "*", "agent": 1 } ] }""", "routes.json:routes[0].agent")]
    [InlineData("""{ "routes": null }""", "routes.json:routes")]
    [InlineData("""{ }""", "routes.json")]
    [InlineData("""{ "routes": [""", "routes.json")]
    public void Load_RouteThatLacksSomething_NamesTheFile(string routes, string key)
    {
        using var folder = new AgentsFolder("{}", routes);
        Assert.Equal(key, Assert.Throws<ConfigurationException>(() => RouteTable.Load(folder.Path)).Key);
    }

    [Fact]
    public void Load_NoAgentsFolder_SaysWhereItLooked()
    {
        var error = Assert.Throws<ConfigurationException>(() => RouteTable.Load("/nowhere"));
        Assert.Contains("/nowhere", error.Message);
    }

    [Fact]
    public void Load_AgentWithoutTimeZone_HasTheBusinesss()
    {
        using var folder = new AgentsFolder("{}");
        Assert.Equal("Asia/Tokyo", RouteTable.Load(folder.Path, "Asia/Tokyo").Agent("default")!.TimeZone);
    }
}
