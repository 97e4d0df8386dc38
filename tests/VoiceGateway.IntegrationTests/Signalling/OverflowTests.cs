using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Routing;
using VoiceGateway.Rtp;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Signalling;

/// <summary>Calls that are one too many, as a trunk sees them: before the answer, and before anything is spent on them.</summary>
public sealed class OverflowTests
{
    [Fact]
    public async Task Invite_NoSessionToBeHad_Is503WithTheTimeOfTheNextAttempt()
    {
        await using var rig = await GatewayRig.StartAsync();
        await using var trunk = await TrunkAsync();
        ServiceRefuses(rig);
        var result = await InviteAsync(trunk, rig);
        Assert.Equal(503, result.StatusCode);
        Assert.InRange(int.Parse(result.Response!.Headers.Get("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 25, 30);
        Assert.Empty(rig.Simulator.Sessions);
        Assert.Equal(0, rig.Gateway.Services.GetRequiredService<RtpPortAllocator>().InUse);
    }

    [Fact]
    public async Task Invite_NoSessionAndAnOverflow_Is302()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Calls:Overflow", "sip:desk@pbx.example;transport=tcp"));
        await using var trunk = await TrunkAsync();
        ServiceRefuses(rig);
        var result = await InviteAsync(trunk, rig);
        Assert.Equal(302, result.StatusCode);
        Assert.Equal("<sip:desk@pbx.example;transport=tcp>", result.Response!.Contact!.ToString());
        Assert.Empty(rig.Simulator.Sessions);
    }

    [Fact]
    public async Task Invite_MoreThanTheConfiguredSessions_Is503()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Live:MaxSessions", "1"));
        await using var trunk = await TrunkAsync();
        var first = await InviteAsync(trunk, rig);
        var second = await InviteAsync(trunk, rig);
        Assert.Equal((200, 503), (first.StatusCode, second.StatusCode));
        Assert.Equal("5", second.Response!.Headers.Get("Retry-After"));
        Assert.Single(rig.Simulator.Sessions);
        await first.Call!.HangUpAsync();
    }

    [Fact]
    public async Task Invite_GatewayIsFull_GoesToTheAgentsHuman()
    {
        using var agents = new AgentsFolder("""{ "greeting": "A caller is on the line.", "human": "300" }""");
        await using var rig = await GatewayRig.StartAsync("say", agents.Setting, ("Calls:Overflow", "human"), ("Calls:MaxConcurrent", "1"));
        await using var trunk = await TrunkAsync();
        var first = await InviteAsync(trunk, rig);
        Assert.Equal(200, first.StatusCode);
        var second = await InviteAsync(trunk, rig);
        Assert.Equal(302, second.StatusCode);
        Assert.Equal("300", second.Response!.Contact!.Uri.User);
        await first.Call!.HangUpAsync();
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the first call has gone");
        // Its place and its claim to a session are free again.
        Assert.Equal(0, rig.Gateway.Services.GetRequiredService<SessionQuota>().Look(Route(rig)).Taken);
        var third = await InviteAsync(trunk, rig);
        Assert.Equal(200, third.StatusCode);
        await third.Call!.HangUpAsync();
    }

    [Fact]
    public async Task Invite_ModelRefusesAndTheAgentHasAHuman_Is302()
    {
        using var agents = new AgentsFolder("""{ "greeting": "A caller is on the line.", "human": "sip:300@pbx.example" }""");
        await using var refusing = new RefusingServer(401);
        await using var rig = await GatewayRig.StartAsync("say", agents.Setting, ("Live:Endpoint", refusing.Endpoint));
        await using var trunk = await TrunkAsync();
        var result = await InviteAsync(trunk, rig);
        Assert.Equal(302, result.StatusCode);
        Assert.Equal("<sip:300@pbx.example>", result.Response!.Contact!.ToString());
        Assert.Contains("handed to a human", (await rig.LastCallAsync()).EndDetail, StringComparison.Ordinal);
    }

    // As the service does when it has nothing to give.
    private static void ServiceRefuses(GatewayRig rig)
    {
        using var place = rig.Gateway.Services.GetRequiredService<SessionQuota>().TryTake([Route(rig)], out _);
        place!.Refused(Route(rig));
    }

    private static string Route(GatewayRig rig) => rig.Gateway.Live.RouteNamesFor(rig.Gateway.Routes.Agent("default")!).Single();

    private static async Task<SipEndpoint> TrunkAsync()
    {
        var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] });
        await endpoint.StartAsync();
        return endpoint;
    }

    private static Task<SipCallResult> InviteAsync(SipEndpoint trunk, GatewayRig rig) => trunk.CallAsync(new SipOutgoingCall
    {
        To = rig.Target(),
        From = new SipNameAddress(new SipUri("4930123", "127.0.0.1")),
        Negotiator = new SdpNegotiator(new LocalAudio(IPAddress.Loopback, 9, LocalAudio.G711), static _ => { }),
    });
}
