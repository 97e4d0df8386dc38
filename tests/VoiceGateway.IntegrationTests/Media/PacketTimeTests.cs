using System.Diagnostics;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>Packets of any length, both ways, over the wire.</summary>
public sealed class PacketTimeTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(60)]
    public async Task AgentsVoice_LeavesInPacketsOfTheWantedLength(int packetMs)
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0 101", "rtpmap:101 telephone-event/8000", $"ptime:{packetMs}"));
        Assert.Contains($"a=ptime:{packetMs}\r\n", peer.Answer, StringComparison.Ordinal);
        await peer.SayAsync(0, 3000, static _ => 20, amplitude: 0);

        var packets = peer.Received.ToArray();
        Consecutive(packets, packetMs * 8);
        // Three seconds of it, the start and a stall of the machine's left out.
        Assert.InRange(packets.Length * packetMs, 2200, 3600);
        Assert.Contains(packets, static packet => packet.Marker);
        Assert.Contains(packets, static packet => Peak(packet.Payload) > 1000);
        if (packetMs == 10) Even(packets);
    }

    [Fact]
    public async Task MaxPtimeAndReInvite_ChangeTheLengthInMidCall()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0", "ptime:60", "maxptime:40"));
        await peer.SayAsync(0, 600, static _ => 20, amplitude: 0);
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 2) + peer.Audio("0", "ptime:10")));
        await peer.SayAsync(0, 600, static _ => 20, amplitude: 0);
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 3) + peer.Audio("0")));
        await peer.SayAsync(0, 600, static _ => 20, amplitude: 0);

        var packets = peer.Received.ToArray();
        var lengths = packets.Select(static packet => packet.Payload.Length).ToArray();
        Consecutive(packets);
        Assert.Equal((320, 160), (lengths[0], lengths[^1]));
        // Nothing else than these, but for the rest that waited when the length changed.
        var changes = lengths.Zip(lengths.Skip(1)).Count(static pair => pair.First != pair.Second);
        Assert.InRange(changes, 2, 4);
        Assert.True(lengths.Count(static length => length == 80) > 20);
        Assert.All(lengths, static length => Assert.InRange(length, 80, 320));
    }

    [Fact]
    public async Task CallersVoice_InPacketsFrom5To100Ms_IsOneTone()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        var session = rig.Simulator.Sessions.Single();
        await peer.SayAsync(1000, 400, static _ => 20);
        var before = session.ReceivedAudio().Length;
        int[] lengths = [5, 10, 20, 30, 40, 60, 80, 100, 5, 100, 20, 5, 5, 60];
        await peer.SayAsync(1000, 4000, i => lengths[i % lengths.Length]);
        await Task.Delay(60);

        var heard = session.ReceivedAudio()[before..];
        // 16 kHz; as long as it was spoken, and the tone throughout.
        Assert.InRange(heard.Length / 16, 3800, 4300);
        var blocks = heard.Chunk(1600).Where(static block => block.Length == 1600).Select(static block => Goertzel.LevelDbov(block, 1000, 16_000)).ToArray();
        Assert.InRange(blocks.Count(static level => level is > -15 and < -12), blocks.Length - 5, blocks.Length);
        Assert.Equal(0, rig.Gateway.Calls.All.Single().Snapshot().Rtp!.Lost);
    }

    internal static void Consecutive(SdpPeer.Packet[] packets, int? payloadBytes = null)
    {
        Assert.True(packets.Length > 5, $"{packets.Length} packets");
        foreach (var (one, next) in packets.Zip(packets.Skip(1)))
        {
            Assert.Equal((ushort)(one.Sequence + 1), next.Sequence);
            Assert.Equal((uint)one.Payload.Length, next.Timestamp - one.Timestamp);
        }
        if (payloadBytes is { } bytes) Assert.All(packets, packet => Assert.Equal(bytes, packet.Payload.Length));
    }

    // Not in pairs: most of them 10 ms apart, the clock's steps of 5 ms and the machine's noise allowed for.
    private static void Even(SdpPeer.Packet[] packets)
    {
        var gaps = packets.Zip(packets.Skip(1)).Select(static pair => Stopwatch.GetElapsedTime(pair.First.At, pair.Second.At).TotalMilliseconds).Order().ToArray();
        Assert.InRange(gaps[gaps.Length / 2], 6, 14);
        Assert.InRange(gaps[gaps.Length / 4], 3, 14);
    }

    private static int Peak(byte[] codes)
    {
        var pcm = new short[codes.Length];
        G711.DecodeMuLaw(codes, pcm);
        return pcm.Max(static sample => Math.Abs((int)sample));
    }
}
