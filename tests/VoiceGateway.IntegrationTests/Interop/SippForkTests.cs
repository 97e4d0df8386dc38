using System.Net;
using System.Net.Sockets;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The gateway calls, and what comes back is not one plain 200.</summary>
public sealed class SippForkTests
{
    [SkippableFact]
    public async Task Dial_TwoTelephonesAnswer_TheSecondIsAcknowledgedAndReleased()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await using var sipp = Sipp.Start("forked-answers", rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        await rig.DialAsync(sipp.Port);
        await sipp.SucceedAsync();
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.Equal(1, rig.Gateway.Sip.Counters[SipCounter.ForkedAnswersReleased]);
        Assert.InRange(ear.Packets, 30, int.MaxValue);
    }

    [SkippableFact]
    public async Task Dial_AnsweredAsWeGiveUp_IsAcknowledgedAndHungUp()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var sipp = Sipp.Start("answered-into-cancel", rig.SipPort);
        await rig.DialAsync(sipp.Port);
        await GatewayRig.WaitUntilAsync(() => sipp.Messages.Contains("SIP/2.0 180", StringComparison.Ordinal), "it rings");
        await Task.Delay(200);
        using (var ended = await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}")) Assert.Equal(HttpStatusCode.Accepted, ended.StatusCode);
        await sipp.SucceedAsync();
        Assert.Equal("operator_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Dial_AnswerNumbersItsPayloadTypesOtherwise_EachSideSendsTheOthersNumbers()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("dtmf");
        await using var ear = new RtpEar();
        await using var sipp = Sipp.Start("answer-other-numbers", rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")], Pause = TimeSpan.FromSeconds(2.5) });
        await rig.DialAsync(sipp.Port);
        await GatewayRig.WaitUntilAsync(() => ear.Packets > 10, "the gateway sends");
        await ear.PressAsync('7');
        await sipp.SucceedAsync();
        Assert.All(ear.Sightings, static s => Assert.Equal(97, s.PayloadType));
        var call = await rig.LastCallAsync();
        Assert.Equal("PCMA", call.Codec);
        Assert.Single(call.Timeline, static m => m.Name == "digit");
    }

    [SkippableFact]
    public async Task Dial_AnswerWishesForLongerPackets_GetsThem()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await using var sipp = Sipp.Start("answer-packet-time", rig.SipPort, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        await rig.DialAsync(sipp.Port);
        await sipp.SucceedAsync();
        Assert.InRange(ear.Packets, 15, 60);
        Assert.All(ear.Sightings, static s => Assert.Equal((8, 320), (s.PayloadType, s.PayloadBytes)));
    }

    [SkippableTheory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Dial_OverTcpOrIPv6_IsTheSame(bool tcp, bool ipv6)
    {
        Peer.Sipp.Require();
        Skip.If(ipv6 && !Socket.OSSupportsIPv6, "no IPv6 here");
        await using var rig = await (ipv6 ? GatewayRig.StartAsync("say", ("Sip:Listen:0", "udp:[::1]:0"), ("Sip:Listen:1", "tcp:[::1]:0")) : GatewayRig.StartAsync());
        await using var ear = new RtpEar(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback);
        var options = new SippOptions { Tcp = tcp, IPv6 = ipv6, Keys = [("header", "To:"), ("expected", "sip:sipp@"), ("rtp_port", $"{ear.Port}")] };
        await using var sipp = Sipp.Start("be-called", rig.SipPort, options);
        // Nothing is sent again over TCP: it has to listen by then.
        await Task.Delay(300);
        await rig.DialAsync(sipp.Port, ipv6 ? "[::1]" : "127.0.0.1", tcp ? ";transport=tcp" : "");
        await sipp.SucceedAsync();
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        Assert.InRange(ear.Packets, 30, int.MaxValue);
    }
}
