using System.Net;
using System.Net.Http.Json;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A softphone of somebody else's, with speech both ways.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class BaresipTests(ITestOutputHelper log)
{
    private const string Greeting = "Good evening, restaurant Bella Vista, how can I help you?";

    private static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(60);

    [SkippableTheory]
    [InlineData("PCMU", false)]
    [InlineData("PCMA", true)]
    public async Task Call_BothSpeak_BothHearCleanSpeech(string codecName, bool tcp)
    {
        Peer.Baresip.Require();
        var codec = codecName == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw;
        var greeting = SpokenLine.Agent(Greeting);
        var line = SpokenLine.Caller(0);
        await using var rig = await GatewayRig.StartAsync("say");
        await Hearing.AssertCleanAsync(log, rig, line, codec, async () =>
        {
            // Baresip listens to the greeting, speaks, and ends the call at the end of its file.
            await using var phone = await Baresip.StartAsync(line.Within(greeting.Duration + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), codec);
            await phone.DialAsync(rig.Target(tcp: tcp).ToString());
            await phone.EventAsync("CALL_ESTABLISHED");
            await phone.EventAsync("CALL_CLOSED");
            var heard = await phone.QuitAsync();
            var snr = greeting.SnrHeardAt8kHz(heard);
            log.WriteLine($"baresip heard {codecName} at {snr:F1} dB");
            Assert.InRange(snr, Hearing.CleanDb, 100);
        });
        var call = await rig.LastCallAsync();
        Assert.Equal(("caller_hung_up", codecName), (call.EndReason, call.Codec));
    }

    [SkippableFact]
    public async Task Call_HeldAndResumed_GoesOn()
    {
        Peer.Baresip.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        await using var phone = await Baresip.StartAsync(new SpokenLine([]).Within(LongSilence, TimeSpan.Zero), G711Codec.MuLaw);
        await phone.DialAsync(rig.Target().ToString());
        await phone.EventAsync("CALL_ESTABLISHED");
        await phone.HoldAsync();
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Contains("held"), "the call is on hold");
        await phone.ResumeAsync();
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Contains("resumed"), "the call goes on");
        var sent = rig.Gateway.Calls.All[0].Snapshot().Rtp!.PacketsSent;
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All[0].Snapshot().Rtp!.PacketsSent > sent + 20, "audio leaves again");
        await phone.HangUpAsync();
        await phone.QuitAsync();
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Call_KeysPressed_ReachTheModelOnceEach()
    {
        Peer.Baresip.Require();
        await using var rig = await GatewayRig.StartAsync("dtmf");
        await using var phone = await Baresip.StartAsync(new SpokenLine([]).Within(LongSilence, TimeSpan.Zero), G711Codec.ALaw);
        await phone.DialAsync(rig.Target().ToString());
        await phone.EventAsync("CALL_ESTABLISHED");
        foreach (var key in "1*1")
        {
            await phone.PressAsync(key);
            await Task.Delay(400);
        }
        await GatewayRig.WaitUntilAsync(() => Marks(rig).Count(static m => m == "digit") == 3, "all keys have arrived");
        await phone.HangUpAsync();
        await phone.QuitAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal("1*1", string.Concat(call.Timeline.Where(static m => m.Name == "digit").Select(static m => (char)m.Value!.Value)));
    }

    [SkippableFact]
    public async Task Dial_BaresipAnswers_HearsTheGreetingAndTheBye()
    {
        Peer.Baresip.Require();
        var greeting = SpokenLine.Agent(Greeting);
        await using var rig = await GatewayRig.StartAsync("say");
        await using var phone = await Baresip.StartAsync(new SpokenLine([]).Within(LongSilence, TimeSpan.Zero), G711Codec.MuLaw, answers: true);
        var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to = $"sip:caller@127.0.0.1:{phone.Port}", agent = "default" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await phone.EventAsync("CALL_ESTABLISHED");
        await Task.Delay(greeting.Duration + TimeSpan.FromSeconds(1));
        await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}");
        await phone.EventAsync("CALL_CLOSED");
        var snr = greeting.SnrHeardAt8kHz(await phone.QuitAsync());
        log.WriteLine($"baresip heard PCMU at {snr:F1} dB");
        Assert.InRange(snr, Hearing.CleanDb, 100);
        var call = await rig.LastCallAsync();
        Assert.Equal(("outbound", "operator_hung_up"), (call.Direction, call.EndReason));
    }

    private static List<string> Marks(GatewayRig rig) =>
        [.. Admin.CallView.From(rig.Gateway.Calls.All[0].Snapshot()).Timeline.Select(static m => m.Name)];
}
