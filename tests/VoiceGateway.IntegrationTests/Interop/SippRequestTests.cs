using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Requests of sipp's that are answered at once: the scenario checks status and headers.</summary>
public sealed class SippRequestTests
{
    [SkippableTheory]
    [InlineData("options", false)]
    [InlineData("options", true)]
    [InlineData("unknown-method", false)]
    [InlineData("unknown-method", true)]
    [InlineData("unknown-extension", false)]
    [InlineData("no-common-codec", false)]
    [InlineData("no-common-codec", true)]
    [InlineData("no-hops-left", false)]
    [InlineData("bye-without-dialog", false)]
    [InlineData("bye-without-dialog", true)]
    public async Task Request_OfItsKind_GetsTheStatusOfTheScenario(string scenario, bool tcp)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync(scenario, rig, new SippOptions { Tcp = tcp });
        Assert.Empty(rig.Simulator.Sessions);
    }

    [SkippableFact]
    public async Task Invite_NumberWithoutRoute_Gets404()
    {
        Peer.Sipp.Require();
        var config = Directory.CreateTempSubdirectory("voicegateway-config-");
        var agents = config.CreateSubdirectory("agents");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "config", "agents", "default.json"), Path.Combine(agents.FullName, "default.json"));
        await File.WriteAllTextAsync(Path.Combine(config.FullName, "routes.json"), """{ "routes": [ { "dialled": "200", "agent": "default" } ] }""");
        await using (var rig = await GatewayRig.StartAsync("say", ("ConfigFolder", config.FullName)))
        {
            await Sipp.RunAsync("unknown-number", rig);
            Assert.Empty(rig.Simulator.Sessions);
        }
        config.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task Drain_ProbesAndNewCalls_Get503WithRetryAfter()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await rig.Http.PostAsync("/api/drain", null);
        await Sipp.RunAsync("options-draining", rig);
        await Sipp.RunAsync("invite-draining", rig);
        Assert.Empty(rig.Simulator.Sessions);
    }
}
