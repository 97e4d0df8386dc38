using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Calls;

public sealed class LiveTargetTests
{
    private static readonly CallVariables Nobody = new("", "", "a", DateTimeOffset.UnixEpoch);

    [Fact]
    public void RoutesFor_NoFallback_IsHomeAlone()
    {
        var route = Assert.Single(Target().RoutesFor(new AgentProfile { Model = "gemini-2.5-flash-native-audio", Voice = "Puck" }, [], Nobody));
        Assert.Equal("gemini-2.5-flash-native-audio@generativelanguage.googleapis.com", route.Name);
        Assert.Equal("gemini-2.5-flash-native-audio", route.Setup.Model);
        Assert.Equal("Puck", route.Setup.VoiceName);
        Assert.Same(Target().Endpoint.BaseUri, route.Endpoint.BaseUri);
    }

    [Fact]
    public void RoutesFor_Fallbacks_ComeInOrderEachWithItsModelAndWithoutItsSettings()
    {
        var agent = new AgentProfile
        {
            Thinking = new() { Level = LiveThinkingLevel.Low },
            Fallback = [new() { Model = "other", Without = ["thinking"] }, new() { ApiKeyFile = "/secrets/second.key" }],
        };
        var target = Target() with { FallbackEndpoint = static f => new LiveEndpoint(LiveEndpoint.Google, f.Model) };
        var routes = target.RoutesFor(agent, [], Nobody);
        Assert.Equal(
            ["m@generativelanguage.googleapis.com", "other@generativelanguage.googleapis.com", "m@generativelanguage.googleapis.com (second)"],
            routes.Select(static r => r.Name));
        Assert.Equal(routes.Select(static r => r.Name), target.RouteNamesFor(agent));
        Assert.Equal(["m", "other", "m"], routes.Select(static r => r.Setup.Model));
        Assert.Equal([true, false, true], routes.Select(static r => r.Setup.Thinking is not null));
        Assert.Equal(["key", "other", null], routes.Select(static r => r.Endpoint.ApiKey));
    }

    [Fact]
    public void RoutesFor_CorrectedModel_CarriesItsContract()
    {
        var target = Target() with { Contracts = new LiveContracts(new Dictionary<string, Dictionary<string, string>> { ["M"] = new() { ["Like"] = "gemini-2.5-flash-native-audio", ["Scheduling"] = "false" } }) };
        var contract = target.RoutesFor(new AgentProfile(), [], Nobody)[0].Setup.Contract!;
        Assert.Equal(LiveThinkingSupport.Budget, contract.Thinking);
        Assert.False(contract.Scheduling);
        Assert.Null(target.RoutesFor(new AgentProfile { Model = "gemini-3.8-live" }, [], Nobody)[0].Setup.Contract);
    }

    private static LiveTarget Target() => new(new LiveEndpoint(LiveEndpoint.Google, "key"), "m", TimeSpan.FromSeconds(1), false);
}
