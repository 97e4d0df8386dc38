using VoiceGateway.Abstractions;
using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Routing;

/// <summary>Routes that look at more than the number.</summary>
public sealed class RouteMatchTests
{
    private static readonly RouteQuery Call = new("+4930123")
    {
        Trunk = "pbx",
        Caller = "+4940999",
        DivertedFrom = "200",
        Headers = new Dictionary<string, string> { ["X-Queue"] = "Sales-2", ["Subject"] = "" },
    };

    public static TheoryData<Route, bool> Routes() => new()
    {
        { new("*", "a") { Trunk = "pbx" }, true },
        { new("*", "a") { Trunk = "PBX" }, true },
        { new("*", "a") { Trunk = "provider" }, false },
        { new("+4930*", "a") { Trunk = "p*", Caller = "+4940*", DivertedFrom = "200" }, true },
        { new("+4931*", "a") { Trunk = "pbx" }, false },
        { new("*", "a") { Caller = "+4941*" }, false },
        { new("*", "a") { DivertedFrom = "201" }, false },
        { new("*", "a") { Headers = new Dictionary<string, string> { ["x-queue"] = "sales*" } }, true },
        { new("*", "a") { Headers = new Dictionary<string, string> { ["X-Queue"] = "sales" } }, false },
        { new("*", "a") { Headers = new Dictionary<string, string> { ["X-Queue"] = "*", ["X-Other"] = "*" } }, false },
        { new("*", "a") { Headers = new Dictionary<string, string> { ["Subject"] = "*" } }, true },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public void Matches_AllThatItNames(Route route, bool expected) => Assert.Equal(expected, route.Matches(Call));

    [Fact]
    public void Matches_WithheldCaller_IsEverybodyOnly()
    {
        Assert.False(new Route("*", "a") { Caller = "+*" }.Matches(new RouteQuery("1")));
        Assert.True(new Route("*", "a") { Caller = "*" }.Matches(new RouteQuery("1")));
        Assert.True(new Route("*", "a") { Caller = "" }.Matches(new RouteQuery("1")));
    }

    [Fact]
    public void Load_RouteWithEverything_IsRead()
    {
        using var folder = new AgentsFolder("{}", """
            { "routes": [
              // A comment, as in the shipped file.
              { "dialled": "*", "trunk": "pbx", "caller": "+49*", "divertedFrom": "200", "headers": { "X-Queue": "sales*" }, "agent": "default" } ] }
            """);
        var table = RouteTable.Load(folder.Path);
        Assert.NotNull(table.Match(Call));
        Assert.Null(table.Match(Call with { Trunk = "provider" }));
        Assert.Null(table.Match("+4930123"));
    }

    [Theory]
    [InlineData("""{ "routes": [ { "dialled": "*", "agent": "default", "headers": { "X-Queue": 1 } } ] }""", "routes.json:routes[0].headers.X-Queue")]
    [InlineData("""{ "routes": [ { "dialled": "*", "agent": "default", "headers": "X-Queue" } ] }""", "routes.json:routes[0].headers")]
    [InlineData("""{ "routes": [ { "dialled": "*", "agent": "default", "trunks": "pbx" } ] }""", "routes.json:routes[0].trunks")]
    public void Load_RouteThatIsWrong_NamesTheKey(string routes, string key)
    {
        using var folder = new AgentsFolder("{}", routes);
        Assert.Equal(key, Assert.Throws<ConfigurationException>(() => RouteTable.Load(folder.Path)).Key);
    }

    [Fact]
    public void Load_ShippedRoutes_GoToTheDefaultAgent()
    {
        var shipped = File.ReadAllText(Path.Combine(FindRoot(), "config", "routes.json"));
        using var folder = new AgentsFolder("{}", shipped);
        Assert.Equal("default", RouteTable.Load(folder.Path).Match("100")?.Name);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
