using System.Net;
using System.Net.Http.Json;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>baresip encrypts by itself: what is heard on either side has been through its SRTP and ours.</summary>
public sealed class BaresipSrtpTests(ITestOutputHelper log)
{
    private const string Greeting = "Good evening, restaurant Bella Vista, how can I help you?";

    [SkippableTheory]
    [InlineData("srtp-mand", "Required")]
    [InlineData("srtp", "Optional")]
    public async Task Call_Encrypted_BothHearCleanSpeech(string encryption, string policy)
    {
        Peer.Baresip.Require();
        var greeting = SpokenLine.Agent(Greeting);
        var line = SpokenLine.Caller(0);
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:Srtp", policy));
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.ALaw, async () =>
        {
            var says = line.Within(greeting.Duration + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await using var phone = await Baresip.StartAsync(says, G711Codec.ALaw, encryption: encryption);
            await phone.DialAsync(rig.Target().ToString());
            await phone.EventAsync("CALL_ESTABLISHED");
            await phone.EventAsync("CALL_CLOSED");
            var snr = greeting.SnrHeardAt8kHz(await phone.QuitAsync());
            log.WriteLine($"baresip ({encryption}) heard PCMA at {snr:F1} dB");
            Assert.InRange(snr, Hearing.CleanDb, 100);
        });
        await AssertEncryptedAsync(rig, "caller_hung_up");
    }

    // A trunk that must be encrypted: the gateway offers RTP/SAVP, and baresip takes it.
    [SkippableFact]
    public async Task Dial_EncryptedTrunk_BaresipAnswersAndHearsTheGreeting()
    {
        Peer.Baresip.Require();
        var greeting = SpokenLine.Agent(Greeting);
        await using var phone = await Baresip.StartAsync(new SpokenLine([]).Within(TimeSpan.FromSeconds(60), TimeSpan.Zero), G711Codec.MuLaw, answers: true, encryption: "srtp-mand");
        await using var rig = await GatewayRig.StartAsync(
            "say", ("Sip:Trunks:safe:Addresses:0", "127.0.0.1"), ("Sip:Trunks:safe:Server", $"sip:127.0.0.1:{phone.Port}"), ("Sip:Trunks:safe:Srtp", "Required"));
        using var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "caller", agent = "default", trunk = "safe" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await phone.EventAsync("CALL_ESTABLISHED");
        await Task.Delay(greeting.Duration + TimeSpan.FromSeconds(1));
        using var ended = await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}");
        await phone.EventAsync("CALL_CLOSED");
        var snr = greeting.SnrHeardAt8kHz(await phone.QuitAsync());
        log.WriteLine($"baresip heard PCMU at {snr:F1} dB");
        Assert.InRange(snr, Hearing.CleanDb, 100);
        await AssertEncryptedAsync(rig, "operator_hung_up");
    }

    [SkippableFact]
    public async Task Call_EncryptedHeldAndResumed_GoesOnBothWays()
    {
        Peer.Baresip.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:Srtp", "Required"));
        await using var phone = await Baresip.StartAsync(new SpokenLine([]).Within(TimeSpan.FromSeconds(60), TimeSpan.Zero), G711Codec.MuLaw, encryption: "srtp-mand");
        await phone.DialAsync(rig.Target().ToString());
        await phone.EventAsync("CALL_ESTABLISHED");
        await phone.HoldAsync();
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Contains("held"), "the call is on hold");
        await phone.ResumeAsync();
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Contains("resumed"), "the call goes on");
        var before = rig.Gateway.Calls.All[0].Snapshot().Rtp!;
        await GatewayRig.WaitUntilAsync(
            () => rig.Gateway.Calls.All[0].Snapshot().Rtp! is var now && now.PacketsSent > before.PacketsSent + 20 && now.PacketsReceived > before.PacketsReceived + 20, "audio passes both ways again");
        await phone.HangUpAsync();
        await phone.QuitAsync();
        await AssertEncryptedAsync(rig, "caller_hung_up");
    }

    private static List<string> Marks(GatewayRig rig) =>
        [.. Admin.CallView.From(rig.Gateway.Calls.All[0].Snapshot()).Timeline.Select(static m => m.Name)];

    private async Task AssertEncryptedAsync(GatewayRig rig, string endReason)
    {
        var call = await rig.LastCallAsync();
        log.WriteLine($"{call.Srtp}");
        Assert.Equal(endReason, call.EndReason);
        Assert.NotNull(call.Srtp);
        var rtp = (System.Text.Json.JsonElement)call.Rtp!;
        // Every packet of speech counts; what comes as baresip takes its call down, one report at most, may be without a key by then.
        Assert.InRange(rtp.GetProperty("srtpUnauthentic").GetInt64(), 0, 1);
        Assert.Equal((0, 0), (rtp.GetProperty("srtpReplayed").GetInt64(), rtp.GetProperty("lost").GetInt64()));
    }
}
