using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;
using VoiceGateway.Sip.Tests.Torture;

namespace VoiceGateway.IntegrationTests.Signalling;

/// <summary>The messages of RFC 4475 and RFC 5118 against the whole gateway, one after the other, as the table has them; then it takes a call.</summary>
public sealed class TortureTests
{
    // Nobody of the names in the torture messages lives here.
    private const string NoRoute = "404";

    // A gateway each: to UDP's transactions, which linger, the same messages over TCP would be repetitions.
    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task Gateway_EveryTortureMessage_IsServedAsTheTableSaysAndCallsGoOn(SipTransportKind kind)
    {
        var config = Directory.CreateTempSubdirectory("voicegateway-config-");
        var agents = config.CreateSubdirectory("agents");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "config", "agents", "default.json"), Path.Combine(agents.FullName, "default.json"));
        await File.WriteAllTextAsync(Path.Combine(config.FullName, "routes.json"), """{ "routes": [ { "dialled": "100", "agent": "default" } ] }""");
        await using (var rig = await GatewayRig.StartAsync("say", ("ConfigFolder", config.FullName)))
        {
            var service = rig.Gateway.Sip.BoundEndPoints.Single(entry => entry.Kind == kind);
            foreach (var row in TortureTable.Cases)
                await TortureJudge.CheckAsync(row, service, NoRoute);

            Assert.Equal(0, rig.Gateway.Sip.Counters[SipCounter.Faults]);
            Assert.Empty(rig.Simulator.Sessions);
            await using (await MeasuringPeer.CallAsync(rig.Target()))
                await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 1, "a call is up");
            Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        }

        config.Delete(recursive: true);
    }
}
