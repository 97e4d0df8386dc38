using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>baresip over TLS: the same speech, the same ears.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class BaresipTlsTests(ITestOutputHelper log)
{
    [SkippableFact]
    public async Task Call_OverTls_BothHearCleanSpeech()
    {
        Peer.Baresip.Require();
        using var authority = new TestAuthority();
        var greeting = SpokenLine.Agent("Good evening, restaurant Bella Vista, how can I help you?");
        var line = SpokenLine.Caller(0);
        await using var rig = await GatewayRig.StartAsync("say", authority.Issue("gateway").Settings);
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.ALaw, async () =>
        {
            var says = line.Within(greeting.Duration + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await using var phone = await Baresip.StartAsync(says, G711Codec.ALaw, trust: authority.Trust);
            await phone.DialAsync($"sip:100@{rig.Gateway.Sip.BoundEndPoints[1].EndPoint};transport=tls");
            await phone.EventAsync("CALL_ESTABLISHED");
            await phone.EventAsync("CALL_CLOSED");
            var snr = greeting.SnrHeardAt8kHz(await phone.QuitAsync());
            log.WriteLine($"baresip heard PCMA over TLS at {snr:F1} dB");
            Assert.InRange(snr, Hearing.CleanDb, 100);
        });
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }
}
