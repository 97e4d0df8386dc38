using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>What a trunk's INVITE says beside the number: who really calls, who was dialled first, what the PBX adds; and its password.</summary>
public sealed class SippTrunkTests
{
    private const string Hello = """{ "greeting": "Good evening, restaurant Bella Vista, how can I help you?", "tools": [] }""";

    // sipp reads no other challenge than the first, and knows no other hash.
    private static readonly (string, string?)[] PasswordWanted =
        [("Sip:Trunks:loopback:CallerUser", "alice"), ("Sip:Trunks:loopback:CallerPassword", "open sesame"), ("Sip:Digests", "MD5, SHA-256")];

    [SkippableTheory]
    [InlineData("Diversion: <sip:+49302222@pbx.example>;reason=user-busy")]
    [InlineData("History-Info: <sip:+49302222@pbx.example?Reason=SIP%3Bcause%3D486>;index=1, <sip:100@gateway.example>;index=1.1;mp=1")]
    public async Task Invite_Diverted_ReachesTheAgentOfItsRoute(string redirection)
    {
        Peer.Sipp.Require();
        using var config = new AgentsFolder(Hello);
        await File.WriteAllTextAsync(Path.Combine(config.Setting.Value!, "agents", "sales.json"), Hello);
        await File.WriteAllTextAsync(Path.Combine(config.Setting.Value!, "routes.json"), """
            { "routes": [
                { "dialled": "*", "divertedFrom": "+49302222", "caller": "+49301111", "headers": { "X-Department": "sales" }, "agent": "sales" },
                { "dialled": "*", "agent": "default" } ] }
            """);
        await using var rig = await GatewayRig.StartAsync("say", config.Setting);
        await Sipp.RunAsync("diverted", rig, new SippOptions { Keys = [("redirection", redirection)] });
        var call = await rig.LastCallAsync();
        Assert.Equal(("sales", "+49301111", "100"), (call.Agent, call.Caller, call.Called));
    }

    [SkippableFact]
    public async Task Invite_FromATrunkThatIsNotBelieved_CallerIsWhoFromSays()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:TrustIdentity", "false"));
        await Sipp.RunAsync("diverted", rig, new SippOptions { Keys = [("redirection", "Subject: none")] });
        Assert.Equal("4930123", (await rig.LastCallAsync()).Caller);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invite_WithThePassword_IsAnswered(bool tcp)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", PasswordWanted);
        await Sipp.RunAsync("password", rig, new SippOptions { Tcp = tcp, Credentials = ("alice", "open sesame") });
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Invite_WithTheWrongPassword_IsChallengedAgain()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", PasswordWanted);
        await Sipp.RunAsync("password-wrong", rig, new SippOptions { Credentials = ("alice", "sesame") });
        Assert.Empty(rig.Simulator.Sessions);
    }
}
