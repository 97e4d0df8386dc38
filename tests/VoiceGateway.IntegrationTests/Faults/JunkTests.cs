using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Faults;

/// <summary>Malformed SIP and RTP while a call is up: answered or dropped, counted, and the caller notices nothing.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class JunkTests
{
    [Fact]
    public async Task MalformedSip_DuringACall_IsCountedAndTheCallUnaffected()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        var calling = rig.CallAsync(new ListenStep(), new SayStep(GatewayRig.Line(2)), new ListenStep(), new HangUpStep());
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var junk = new byte[random.Next(1, 1200)];
            random.NextBytes(junk);
            if (i % 3 == 0) Encoding.ASCII.GetBytes("INVITE sip:100@127.0.0.1 SIP/2.0\r\n").AsSpan(0, Math.Min(34, junk.Length)).CopyTo(junk);
            await udp.SendAsync(junk, new IPEndPoint(IPAddress.Loopback, rig.SipPort));
            if (i % 50 == 0) await Task.Delay(5);
        }
        // A request that is wrong in one place gets an answer that says so.
        const string bad = "OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
        await udp.SendAsync(Encoding.ASCII.GetBytes(bad), new IPEndPoint(IPAddress.Loopback, rig.SipPort));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        string answer;
        do answer = Encoding.ASCII.GetString((await udp.ReceiveAsync(patience.Token)).Buffer);
        while (!answer.Contains("Call-ID: x", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("SIP/2.0 400", answer);

        var report = await calling;
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Equal(0, report.Rtp.PacketsLost);
        Assert.True(rig.Gateway.Sip.Counters[SipCounter.MalformedDropped] > 500);
    }

    [Fact]
    public async Task JunkAtTheRtpPort_DuringACall_IsDiscardedAndCounted()
    {
        await using var rig = await GatewayRig.StartAsync("say");
        await using (var peer = await MeasuringPeer.CallAsync(rig.Target()))
        {
            await Task.Delay(500);
            var random = new Random(6);
            for (var i = 0; i < 1000; i++)
            {
                var junk = new byte[random.Next(0, 300)];
                random.NextBytes(junk);
                if (junk.Length > 0) junk[0] &= 0x3F; // never version 2
                peer.SendRaw(junk);
                if (i % 20 == 0) await Task.Delay(5);
            }
            await Task.Delay(300);
            peer.Received.Clear();
            await GatewayRig.WaitUntilAsync(() => peer.Received.Count > 20, "packets still come");
            Assert.InRange(rig.Gateway.Calls.All.Single().Snapshot().Rtp!.Malformed, 900, 1000);
        }
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [Fact]
    public async Task RtpStops_ByeIsLost_TheCallEndsByItself()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Media:TimeoutSeconds", "1"));
        var peer = await MeasuringPeer.CallAsync(rig.Target());
        await Task.Delay(300);
        // Gone without a BYE: power cut, lost network.
        peer.FallSilent();
        var call = await rig.LastCallAsync();
        Assert.Equal("media_timeout", call.EndReason);
        await peer.DisposeAsync();
    }
}
