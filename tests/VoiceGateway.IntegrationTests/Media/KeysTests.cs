using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Turns;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>Keys (DTMF) both ways, as RTP events and as tones.</summary>
public sealed class KeysTests
{
    [Fact]
    public async Task SendDigits_EventsAgreed_AreEventsAndTimestampsKeepTime()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0 101", "rtpmap:101 telephone-event/8000"));
        await GatewayRig.WaitUntilAsync(() => peer.Received.Count > 10, "the agent is heard");
        Assert.Equal("as_events", await PressAsync(rig, "5#"));
        await Task.Delay(200);

        var packets = peer.Received.Where(static p => !p.IsRtcp).ToArray();
        var events = packets.Where(static p => p.PayloadType == 101).ToArray();
        Assert.Equal([5, 11], events.Select(static p => (int)p.Payload[0]).Distinct());
        Assert.Equal(2, events.DistinctBy(static p => p.Timestamp).Count());
        Assert.Equal(2, events.Count(static p => p.Marker));
        Assert.Equal(6, events.Count(static p => (p.Payload[1] & 0x80) != 0));
        // No audio while a key is down, or between its repeated ends.
        var first = Array.FindIndex(packets, static p => p.PayloadType == 101);
        var last = Array.FindLastIndex(packets, static p => p.PayloadType == 101);
        Assert.True(packets[first..last].Where(static p => p.PayloadType == 0).All(p => p.At > events[6].At && p.At < events[7].At));
        // Audio before and after lies on one time line: 160 a frame, whether something was sent in it or not.
        var audio = packets.Where(static p => p.PayloadType == 0).ToArray();
        Assert.All(audio.Zip(audio.Skip(1)), static pair => Assert.Equal(0u, (pair.Second.Timestamp - pair.First.Timestamp) % 160));
        // How late a packet is read depends on the machine: of several on either side of the keys, the one in the middle counts.
        Assert.Equal(LagMs(audio[..9], audio[0].Timestamp), LagMs(audio[^9..], audio[0].Timestamp), 100.0);
        Assert.Equal("5#", Marks(rig, TimelineMark.DigitSent));
    }

    [Fact]
    public async Task SendDigits_NoEventsAgreed_AreTonesAndNoSpeechIsLost()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("8"));
        await GatewayRig.WaitUntilAsync(() => peer.Received.Count > 10, "the agent is heard");
        Assert.Equal("as_tones", await PressAsync(rig, "15*A"));

        var detector = new DtmfDetector();
        var pcm = new short[160];
        var heard = "";
        foreach (var packet in peer.Received.Where(static p => p is { IsRtcp: false, PayloadType: 8 }))
        {
            G711.DecodeALaw(packet.Payload, pcm);
            heard += detector.Process(pcm);
        }
        Assert.Equal("15*A", heard);
        PacketTimeTests.Consecutive([.. peer.Received]);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("one", 400)]
    [InlineData(",,", 400)]
    public async Task SendDigits_NoDigits_AreRefused(string digits, int status)
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        using var response = await rig.Http.PostAsJsonAsync($"/api/calls/{rig.Gateway.Calls.All.Single().Id}/dtmf", new { digits });
        Assert.Equal(status, (int)response.StatusCode);
        using var unknown = await rig.Http.PostAsJsonAsync("/api/calls/none/dtmf", new { digits = "1" });
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task SendDigits_OnHold_AreNotSent()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0 101", "rtpmap:101 telephone-event/8000"));
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 2) + peer.Audio("0 101", "rtpmap:101 telephone-event/8000", "sendonly")));
        using var response = await rig.Http.PostAsJsonAsync($"/api/calls/{rig.Gateway.Calls.All.Single().Id}/dtmf", new { digits = "1" });
        Assert.Equal(409, (int)response.StatusCode);
    }

    [Fact]
    public async Task CallerPressesKeys_NoEventsAgreed_TheModelIsToldAndDoesNotHearThem()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        await peer.SayAsync(0, 500, static _ => 20, amplitude: 0);
        var session = rig.Simulator.Sessions.Single();
        var before = session.AudioSamplesReceived;
        await PressAsync(peer, "42#");
        await GatewayRig.WaitUntilAsync(() => session.Texts.Any(static t => t.Contains("42#", StringComparison.Ordinal)), "the model is told");

        Assert.Equal("42#", Marks(rig, TimelineMark.Digit));
        Assert.DoesNotContain(rig.Gateway.Calls.All.Single().Timeline.Snapshot(), static e => e.Mark == TimelineMark.SpeechStarted);
        // 3 keys of 100 ms, each until it is known for one.
        var heard = session.ReceivedAudio()[(int)before..];
        Assert.InRange(heard.Count(static s => Math.Abs((int)s) > 500), 1, 3 * 16 * 55);
    }

    [Fact]
    public async Task CallerPressesKeys_EventsAgreed_TonesAreAudio()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0 101", "rtpmap:101 telephone-event/8000"));
        await PressAsync(peer, "4");
        await peer.SayAsync(0, 200, static _ => 20, amplitude: 0);
        Assert.Equal("", Marks(rig, TimelineMark.Digit));
    }

    // Behind the time that the packets tell.
    private static double LagMs(SdpPeer.Packet[] packets, uint since) =>
        packets.Select(p => (1000.0 * p.At / System.Diagnostics.Stopwatch.Frequency) - ((p.Timestamp - since) / 8.0)).Order().ElementAt(packets.Length / 2);

    private static async Task<string?> PressAsync(GatewayRig rig, string digits)
    {
        using var response = await rig.Http.PostAsJsonAsync($"/api/calls/{rig.Gateway.Calls.All.Single().Id}/dtmf", new { digits });
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sent").GetString();
    }

    private static async Task PressAsync(SdpPeer peer, string digits)
    {
        var generator = new DtmfGenerator(8000);
        var (pcm, codes) = (new short[160], new byte[160]);
        foreach (var digit in digits)
        {
            generator.Start(digit, 100, 80);
            while (generator.IsActive)
            {
                generator.Fill(pcm);
                G711.EncodeMuLaw(pcm, codes);
                peer.Send(0, codes);
                peer.Timestamp += 160;
                await Task.Delay(20);
            }
        }
    }

    private static string Marks(GatewayRig rig, TimelineMark mark) =>
        string.Concat(rig.Gateway.Calls.All.Single().Timeline.Snapshot().Where(e => e.Mark == mark).Select(static e => (char)e.Value));
}
