using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using VoiceGateway.Calls;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>RTP from whoever is not the caller: neither heard nor answered, and the caller may move.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class BleedTests
{
    [Fact]
    public async Task StrangerSprays_DuringSpeechAndSilence_IsCountedAndNeitherHeardNorAnswered()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using (var peer = new SdpPeer())
        {
            var answered = new ConcurrentQueue<SdpPeer.Packet>();
            await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
            await peer.SayAsync(0, 300, static _ => 20, amplitude: 0);
            using var stop = new CancellationTokenSource();
            var spraying = SprayAsync(peer, peer.NewSocket(answered), stop.Token);
            await peer.SayAsync(0, 1000, static _ => 20, amplitude: 0);
            // Longer than any silence after which another port of this host would be believed that goes on with the stream.
            await Task.Delay(1500);
            await peer.SayAsync(0, 500, static _ => 20, amplitude: 0);
            await stop.CancelAsync();
            var sprayed = await spraying;

            Assert.Empty(answered);
            var rtp = rig.Gateway.Calls.All.Single().Snapshot().Rtp!;
            Assert.InRange(rtp.Foreign, sprayed * 9 / 10, sprayed);
            Assert.Equal((1, peer.RtpPort), (rtp.Latches, rtp.Remote!.Port));
            var heard = rig.Simulator.Sessions.Single().ReceivedAudio();
            Assert.InRange(Goertzel.LevelDbov(heard[^32_000..], 2000, 16_000), double.NegativeInfinity, -60);
        }
        var record = JsonSerializer.SerializeToElement((await rig.LastCallAsync()).Rtp, CallRecords.Json);
        Assert.InRange(record.GetProperty("foreign").GetInt64(), 50, long.MaxValue);
    }

    [Fact]
    public async Task StrangerWasFirst_TheAddressInTheSdpWins()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        var answered = new ConcurrentQueue<SdpPeer.Packet>();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        using var stop = new CancellationTokenSource();
        var spraying = SprayAsync(peer, peer.NewSocket(answered), stop.Token);
        await GatewayRig.WaitUntilAsync(() => !answered.IsEmpty, "the stranger is taken for the caller");
        await peer.SayAsync(1000, 300, static _ => 20);
        answered.Clear();
        peer.Received.Clear();
        await peer.SayAsync(1000, 700, static _ => 20);
        await stop.CancelAsync();
        await spraying;

        Assert.Empty(answered);
        Assert.True(peer.Received.Count > 20);
    }

    [Fact]
    public async Task NatRebinds_TheCallFollowsTheStream()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        var rebound = new ConcurrentQueue<SdpPeer.Packet>();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        await peer.SayAsync(1000, 500, static _ => 20);
        peer.Rtp = peer.NewSocket(rebound);
        await peer.SayAsync(1000, 1500, static _ => 20);

        Assert.True(rebound.Count > 40, $"{rebound.Count} packets at the new port");
        Assert.Equal(2, rig.Gateway.Calls.All.Single().Snapshot().Rtp!.Latches);
    }

    [Fact]
    public async Task ReInviteMovesTheMedia_TheNewPortIsTakenAtOnce()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        var moved = new ConcurrentQueue<SdpPeer.Packet>();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        await peer.SayAsync(0, 300, static _ => 20, amplitude: 0);
        peer.Rtp = peer.NewSocket(moved);
        (peer.Ssrc, peer.Sequence) = (0xBEEF, 7);
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 2) + peer.Audio("0")));
        await GatewayRig.WaitUntilAsync(() => moved.Count > 3, "packets come before any went");
        await peer.SayAsync(1000, 700, static _ => 20);

        Assert.InRange(rig.Gateway.Calls.All.Single().Snapshot().Rtp!.Foreign, 0, 0);
    }

    /// <summary>A tone of 2000 Hz from a port of its own, a packet every few milliseconds, until it is stopped.</summary>
    /// <returns>How many.</returns>
    private static async Task<int> SprayAsync(SdpPeer peer, Socket from, CancellationToken stop)
    {
        var pcm = ModelMessages.Tone(2000, 20, 8000);
        var packet = new byte[172];
        (packet[0], packet[8], packet[11]) = (0x80, 0xBA, 0xD0);
        G711.EncodeMuLaw(pcm, packet.AsSpan(12));
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            (packet[2], packet[3]) = ((byte)(sent >> 8), (byte)sent);
            (packet[5], packet[6]) = ((byte)(sent * 160 >> 16), (byte)(sent * 160 >> 8));
            packet[7] = (byte)(sent * 160);
            from.SendTo(packet, peer.Gateway);
            sent++;
            await Task.Delay(5, CancellationToken.None);
        }
        return sent;
    }
}
