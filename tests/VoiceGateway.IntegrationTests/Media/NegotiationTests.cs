using System.Buffers.Binary;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>What is agreed in SDP, and what the RTP of a whole call then does.</summary>
public sealed class NegotiationTests
{
    [Theory]
    [InlineData("IN IP4 localhost")]
    [InlineData("IN IP4 nobody.invalid")]
    [InlineData(null)]
    public async Task NoAddressInTheOffer_BothHearEachOther(string? connection)
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session(connection) + peer.Audio("0"));
        if (connection == "IN IP4 localhost") await GatewayRig.WaitUntilAsync(() => peer.Received.Count > 5, "packets come although none went");
        await peer.SayAsync(1000, 1000, static _ => 20);

        Assert.True(peer.Received.Count > 20, $"{peer.Received.Count} packets");
        Assert.InRange(Level(rig, 1000, seconds: 0.5), -16, -12);
    }

    [Fact]
    public async Task RtcpMux_IsAnsweredAndReportsShareThePort()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0", "rtcp-mux"));
        Assert.Contains("a=rtcp-mux\r\n", peer.Answer, StringComparison.Ordinal);
        await peer.SayAsync(0, 500, static _ => 20, amplitude: 0);
        // A receiver report of ours on the RTP port.
        var report = new byte[8];
        (report[0], report[1], report[3]) = (0x80, 201, 1);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), peer.Ssrc);
        peer.Rtp.SendTo(report, peer.Gateway);
        await peer.SayAsync(0, 5000, static _ => 20, amplitude: 0);

        Assert.Contains(peer.Received, static packet => packet.IsRtcp && packet.Bytes[1] == 200);
        Assert.Empty(peer.ReceivedRtcp);
        var rtp = rig.Gateway.Calls.All.Single().Snapshot().Rtp!;
        Assert.Equal((1, 0, 0), (rtp.RtcpReceived, rtp.Malformed, rtp.UnknownPayloadType));
    }

    [Fact]
    public async Task RtcpElsewhere_ReportsGoThere()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0", $"rtcp:{SdpPeer.PortOf(peer.Rtcp)}"));
        await peer.SayAsync(0, 5000, static _ => 20, amplitude: 0);

        Assert.Contains(peer.ReceivedRtcp, static packet => packet.IsRtcp && packet.Bytes[1] == 200);
        Assert.DoesNotContain(peer.Received, static packet => packet.IsRtcp);
    }

    [Fact]
    public async Task CodecChanges_ByReInviteAndBySwitching_AreHeardBothWays()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0 8"));
        // The sender takes the other law with every fourth packet.
        await peer.SayAsync(1000, 1200, static _ => 20, static i => (byte)(i % 8 < 4 ? 0 : 8));
        Assert.InRange(Level(rig, 1000, seconds: 0.8), -16, -12);
        Assert.All(peer.Received, static packet => Assert.Equal(0, packet.PayloadType));

        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 2) + peer.Audio("8")));
        await peer.SayAsync(1000, 400, static _ => 20, static _ => 8);
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 3) + peer.Audio("97", "rtpmap:97 pcma/8000")));
        await peer.SayAsync(1000, 1000, static _ => 20, static _ => 8);

        PacketTimeTests.Consecutive([.. peer.Received]);
        var types = peer.Received.Select(static packet => packet.PayloadType).ToArray();
        Assert.Equal([0, 8, 97], types.Distinct().Select(static type => (int)type));
        Assert.Equal(2, types.Zip(types.Skip(1)).Count(static pair => pair.First != pair.Second));
        Assert.InRange(Level(rig, 1000, seconds: 0.8), -16, -12);
    }

    [Fact]
    public async Task LinesComeAndGo_TheAudioGoesOn()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:Srtp", "Never"));
        await using var peer = new SdpPeer();
        const string video = "m=video 5000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n";
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + "m=audio 4998 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n" + peer.Audio("0") + video);
        Assert.Equal(["audio 0 RTP/SAVP 0", $"audio {peer.Gateway.Port} RTP/AVP 0", "video 0 RTP/AVP 99"], Lines(peer));
        var version = Version(peer);

        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 2) + "m=audio 0 RTP/SAVP 0\r\n" + peer.Audio("0") + video + "m=application 5004 UDP/BFCP *\r\n"));
        Assert.Equal(["audio 0 RTP/SAVP 0", $"audio {peer.Gateway.Port} RTP/AVP 0", "video 0 RTP/AVP 99", "application 0 UDP/BFCP *"], Lines(peer));
        Assert.Equal(version + 1, Version(peer));

        // Fax is refused, and the call goes on.
        Assert.Equal(488, await peer.OfferAsync(SdpPeer.Session(version: 3) + "m=image 5006 udptl t38\r\n"));
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 4) + peer.Audio("0")));
        Assert.Equal([$"audio {peer.Gateway.Port} RTP/AVP 0"], Lines(peer));

        peer.Received.Clear();
        await peer.SayAsync(1000, 800, static _ => 20);
        Assert.True(peer.Received.Count > 20);
        Assert.InRange(Level(rig, 1000, seconds: 0.5), -16, -12);
    }

    [Theory]
    [InlineData("IN IP4 127.0.0.1", "sendonly")]
    [InlineData("IN IP4 127.0.0.1", "inactive")]
    [InlineData("IN IP4 0.0.0.0", "sendrecv")]
    [InlineData("IN IP4 127.0.0.1", null)]
    public async Task Hold_OutlastsTheMediaTimeoutAndEnds(string connection, string? direction)
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Media:TimeoutSeconds", "1"));
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
        await peer.SayAsync(0, 300, static _ => 20, amplitude: 0);
        // Without a direction: the stream is taken away.
        var audio = direction is null ? "m=audio 0 RTP/AVP 0\r\n" : peer.Audio("0", direction);
        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(connection, version: 2) + audio));
        await Task.Delay(200);
        peer.Received.Clear();
        await Task.Delay(2500);
        Assert.DoesNotContain(peer.Received, static packet => !packet.IsRtcp);
        if (connection.EndsWith("0.0.0.0", StringComparison.Ordinal)) Assert.Empty(peer.Received);

        Assert.Equal(200, await peer.OfferAsync(SdpPeer.Session(version: 3) + peer.Audio("0")));
        await peer.SayAsync(0, 500, static _ => 20, amplitude: 0);
        Assert.InRange(peer.Received.Count, 10, 60);
        Assert.Single(rig.Gateway.Calls.All);
    }

    [Fact]
    public async Task ComfortNoise_FillsTheSilenceAtItsLevelAndKeepsTheCall()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Media:TimeoutSeconds", "2"));
        await using var peer = new SdpPeer();
        await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0 13", "rtcp-mux"));
        Assert.Contains("RTP/AVP 0 13\r\n", peer.Answer, StringComparison.Ordinal);
        var session = rig.Simulator.Sessions.Single();
        await peer.SayAsync(1000, 400, static _ => 20);
        var report = new byte[8];
        (report[0], report[1], report[3]) = (0x80, 201, 1);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), peer.Ssrc);
        peer.Send(13, [45]);
        // Nothing but a report a second: the peer is there.
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(1000);
            peer.Rtp.SendTo(report, peer.Gateway);
        }
        var silence = session.ReceivedAudio()[^32_000..];
        peer.Timestamp += 4 * 8000;
        await peer.SayAsync(1000, 600, static _ => 20);

        // Half the band at the resampler's output: the level is what it was, on the scale of the samples.
        var level = 10 * Math.Log10(silence.Average(static s => (double)s * s) / (32124.0 * 32124));
        Assert.InRange(level, -47, -43);
        Assert.InRange(Level(rig, 1000, seconds: 0.4), -16, -12);
        var rtp = rig.Gateway.Calls.All.Single().Snapshot().Rtp!;
        Assert.Equal((0, 0, 1), (rtp.Lost, rtp.UnknownPayloadType, rtp.StreamChanges));
    }

    /// <summary>Of a tone in the last that the model has heard.</summary>
    private static double Level(GatewayRig rig, double hz, double seconds)
    {
        var heard = rig.Simulator.Sessions.Single().ReceivedAudio();
        // The last frames may still be under way, or silence already.
        return Goertzel.LevelDbov(heard[^(int)(16_000 * (seconds + 0.1))..^1600], hz, 16_000);
    }

    private static IEnumerable<string> Lines(SdpPeer peer) =>
        peer.Answer.Split("\r\n").Where(static line => line.StartsWith("m=", StringComparison.Ordinal)).Select(static line => line[2..]);

    private static long Version(SdpPeer peer) =>
        long.Parse(peer.Answer.Split("\r\n").Single(static line => line.StartsWith("o=", StringComparison.Ordinal)).Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
}
