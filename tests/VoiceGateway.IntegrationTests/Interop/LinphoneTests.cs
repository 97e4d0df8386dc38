using System.Net;
using System.Net.Http.Json;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The telephone that many people have, with speech both ways, over each transport.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class LinphoneTests(ITestOutputHelper log)
{
    /// <summary>Its jitter buffer may spoil a piece or two.</summary>
    private const double MostOfIt = 0.7;

    private static readonly short[] TenSeconds = new short[80_000];

    [SkippableTheory]
    [InlineData("udp", "PCMU")]
    [InlineData("tcp", "PCMA")]
    [InlineData("tls", "PCMU")]
    public async Task Call_BothSpeak_BothHearCleanSpeech(string transport, string codecName)
    {
        Peer.Linphone.Require();
        using var authority = new TestAuthority();
        var codec = codecName == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw;
        var greeting = SpokenLine.Agent("Good evening, restaurant Bella Vista, how can I help you?");
        var line = SpokenLine.Caller(0);
        await using var rig = await GatewayRig.StartAsync("say", transport == "tls" ? authority.Issue("gateway").Settings : []);
        var port = rig.Gateway.Sip.BoundEndPoints[transport == "udp" ? 0 : 1].EndPoint.Port;
        await Hearing.AssertCleanAsync(log, rig, line, codec, async () =>
        {
            await using var phone = await Linphone.StartAsync(line.Within(greeting.Duration + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)), codec, authority.Trust);
            // By name: a certificate for an address is not what it looks for.
            await phone.DialAsync($"sip:100@localhost:{port};transport={transport}");
            await Task.Delay(greeting.Duration + line.Duration + TimeSpan.FromSeconds(2.5));
            await phone.HangUpAsync();
            var share = greeting.ShareHeardClean(await phone.QuitAsync());
            log.WriteLine($"linphone heard {share:P0} of the greeting clean in {codecName} over {transport}");
            Assert.InRange(share, MostOfIt, 1);
        });
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", codecName), (call.EndReason, call.Codec));
    }

    [SkippableFact]
    public async Task Call_PausedAndResumed_GoesOnAndKeysArrive()
    {
        Peer.Linphone.Require();
        await using var rig = await GatewayRig.StartAsync("dtmf");
        await using var phone = await Linphone.StartAsync(TenSeconds, G711Codec.MuLaw);
        await phone.DialAsync($"sip:100@127.0.0.1:{rig.SipPort}");
        await phone.TypeAsync("pause");
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Contains("held"), "the call is on hold");
        await phone.TypeAsync("resume");
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Contains("resumed"), "the call goes on");
        await Task.Delay(500);
        foreach (var key in "1*1")
        {
            await phone.TypeAsync(key.ToString());
            await Task.Delay(500);
        }
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Count(static m => m == "digit") == 3, "all keys have arrived");
        await phone.HangUpAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal("1*1", string.Concat(call.Timeline.Where(static m => m.Name == "digit").Select(static m => (char)m.Value!.Value)));
        Assert.Equal("caller_hung_up", call.EndReason);
    }

    [SkippableFact]
    public async Task Dial_LinphoneAnswers_HearsTheGreetingAndTheBye()
    {
        Peer.Linphone.Require();
        var greeting = SpokenLine.Agent("Good evening, restaurant Bella Vista, how can I help you?");
        await using var rig = await GatewayRig.StartAsync("say");
        await using var phone = await Linphone.StartAsync(TenSeconds, G711Codec.ALaw, answers: true);
        using var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to = $"sip:caller@127.0.0.1:{phone.Port}" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await phone.SaysAsync("Media streams established");
        await Task.Delay(greeting.Duration + TimeSpan.FromSeconds(1.5));
        using var ended = await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}");
        await phone.SaysAsync("ended");
        var share = greeting.ShareHeardClean(await phone.QuitAsync());
        log.WriteLine($"linphone heard {share:P0} of the greeting clean");
        Assert.InRange(share, MostOfIt, 1);
        Assert.Equal("operator_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    private static List<string> Marks(GatewayRig rig) =>
        [.. Admin.CallView.From(rig.Gateway.Calls.All[0].Snapshot()).Timeline.Select(static m => m.Name)];
}
