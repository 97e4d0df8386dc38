using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>linphone, which encrypts by libsrtp, and insists on it.</summary>
public sealed class LinphoneSrtpTests(ITestOutputHelper log)
{
    [SkippableTheory]
    [InlineData("AES_256_CM_HMAC_SHA1_80", "tls")]
    [InlineData("AES_CM_128_HMAC_SHA1_32", "udp")]
    public async Task Call_Encrypted_BothHearCleanSpeech(string suite, string transport)
    {
        Peer.Linphone.Require();
        using var authority = new TestAuthority();
        var greeting = SpokenLine.Agent("Good evening, restaurant Bella Vista, how can I help you?");
        var line = SpokenLine.Caller(0);
        await using var rig = await GatewayRig.StartAsync("say", [.. transport == "tls" ? authority.Issue("gateway").Settings : [], ("Sip:Trunks:loopback:Srtp", "Required")]);
        var port = rig.Gateway.Sip.BoundEndPoints[transport == "udp" ? 0 : 1].EndPoint.Port;
        await Hearing.AssertCleanAsync(log, rig, line, G711Codec.MuLaw, async () =>
        {
            var says = line.Within(greeting.Duration + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
            await using var phone = await Linphone.StartAsync(says, G711Codec.MuLaw, authority.Trust, suites: suite);
            await phone.DialAsync($"sip:100@localhost:{port};transport={transport}");
            await Task.Delay(greeting.Duration + line.Duration + TimeSpan.FromSeconds(2.5));
            await phone.HangUpAsync();
            var share = greeting.ShareHeardClean(await phone.QuitAsync());
            log.WriteLine($"linphone heard {share:P0} of the greeting clean under {suite}");
            Assert.InRange(share, 0.7, 1);
        });
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", suite), (call.EndReason, call.Srtp));
    }
}
