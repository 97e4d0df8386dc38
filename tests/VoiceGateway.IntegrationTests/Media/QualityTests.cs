using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>What is known of how a call sounds, in the HTTP API and in its record.</summary>
public sealed class QualityTests
{
    [Fact]
    public async Task Call_LossBothWays_IsInItsFigures()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using (var peer = new SdpPeer())
        {
            await peer.CallAsync(rig.Target(), SdpPeer.Session() + peer.Audio("0"));
            await peer.SayAsync(400, 1000, static _ => 20);
            var clean = await RtpAsync(rig);
            Assert.InRange(clean.GetProperty("uplink").GetProperty("mos").GetDouble(), 4.3, 4.5);
            Assert.False(clean.TryGetProperty("downlink", out _));

            // One packet of ten is lost on its way here, and the peer says that a tenth of ours was too.
            for (var i = 0; i < 50; i++)
            {
                if (i % 10 == 5) (peer.Sequence, peer.Timestamp) = ((ushort)(peer.Sequence + 1), peer.Timestamp + 160);
                await peer.SayAsync(400, 20, static _ => 20);
            }
            Report(peer, await SentAsync(rig));
            await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Single().Snapshot().Rtp!.RtcpReceived > 0, "the report has come");

            var figures = await RtpAsync(rig);
            var uplink = figures.GetProperty("uplink");
            Assert.InRange(uplink.GetProperty("lostPercent").GetDouble(), 3.5, 6);
            Assert.InRange(uplink.GetProperty("mos").GetDouble(), 3.5, 4.2);
            var downlink = figures.GetProperty("downlink");
            Assert.InRange(downlink.GetProperty("lostPercent").GetDouble(), 8, 11);
            Assert.InRange(downlink.GetProperty("mos").GetDouble(), 2.8, 3.8);
            Assert.InRange(figures.GetProperty("remoteJitterMs").GetDouble(), 12.4, 12.6);
        }
        await rig.LastCallAsync();
        // The record has them as well.
        var record = await rig.Http.GetFromJsonAsync<JsonElement>("/api/calls");
        var id = record.GetProperty("calls")[0].GetProperty("id").GetString();
        var ended = (await rig.Http.GetFromJsonAsync<JsonElement>($"/api/calls/{id}")).GetProperty("rtp");
        Assert.InRange(ended.GetProperty("downlink").GetProperty("mos").GetDouble(), 2.8, 3.8);
    }

    private static async Task<JsonElement> RtpAsync(GatewayRig rig) =>
        (await rig.Http.GetFromJsonAsync<JsonElement>($"/api/calls/{rig.Gateway.Calls.All.Single().Id}")).GetProperty("rtp");

    private static Task<long> SentAsync(GatewayRig rig) => Task.FromResult(rig.Gateway.Calls.All.Single().Snapshot().Rtp!.PacketsSent);

    // A receiver report about the stream that is heard: a tenth lost, 12.5 ms of jitter.
    private static void Report(SdpPeer peer, long sent)
    {
        var report = new byte[32];
        (report[0], report[1], report[3]) = (0x81, 201, 7);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), peer.Ssrc);
        peer.Received.First(static p => !p.IsRtcp).Bytes.AsSpan(8, 4).CopyTo(report.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(12), (26u << 24) | (uint)(sent / 10));
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(20), 100);
        peer.Rtcp.SendTo(report, new IPEndPoint(peer.Gateway.Address, peer.Gateway.Port + 1));
    }
}
