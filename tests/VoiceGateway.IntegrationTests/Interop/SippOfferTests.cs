using System.Net;
using System.Net.Sockets;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Session descriptions as they are met in the wild; the scenario checks the answer, the ear what comes of it.</summary>
public sealed class SippOfferTests
{
    [SkippableTheory]
    [InlineData("offer-several-media", 0)]
    [InlineData("offer-host-name", 0)]
    [InlineData("offer-connection-in-media", 0)]
    [InlineData("offer-dynamic-types", 98)]
    [InlineData("offer-browser-lines", 0)]
    [InlineData("offer-comfort-noise", 8)]
    public async Task Offer_OfItsKind_IsAnsweredAndTheAgentIsHeard(string scenario, int payloadType)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await Sipp.RunAsync(scenario, rig, Heard(ear));
        Assert.InRange(ear.Packets, 40, int.MaxValue);
        Assert.All(ear.Sightings, s => Assert.Equal((payloadType, 160), (s.PayloadType, s.PayloadBytes)));
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Offer_DigitsUnderAnotherNumber_KeysAreHeard()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("dtmf");
        await using var ear = new RtpEar { TelephoneEvent = 110 };
        await using var sipp = Sipp.Start("offer-dynamic-types", rig.SipPort, Heard(ear) with { Pause = TimeSpan.FromSeconds(2.5) });
        await GatewayRig.WaitUntilAsync(() => ear.Packets > 10, "the gateway sends", seconds: 20);
        await ear.PressAsync('5');
        await sipp.SucceedAsync();
        Assert.Equal('5', (char)(await rig.LastCallAsync()).Timeline.Single(static m => m.Name == "digit").Value!.Value);
    }

    // A packet holds so many samples, and its timestamp is that much later than the one before it (RFC 3551 section 4.2).
    [SkippableTheory]
    [InlineData("a=ptime:10", 10)]
    [InlineData("a=ptime:20", 20)]
    [InlineData("a=ptime:30", 30)]
    [InlineData("a=ptime:40", 40)]
    [InlineData("a=ptime:60", 60)]
    [InlineData("a=maxptime:10", 10)]
    public async Task Offer_WishesForAPacketTime_GetsPacketsOfThatTime(string wish, int agreedMs)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await Sipp.RunAsync("offer-packet-time", rig, Heard(ear) with { Keys = [("rtp_port", $"{ear.Port}"), ("wish", wish), ("agreed", $"{agreedMs}")] });
        var heard = ear.Sightings;
        Assert.InRange(heard.Length, 600 / agreedMs, 3000 / agreedMs);
        Assert.All(heard, s => Assert.Equal(8 * agreedMs, s.PayloadBytes));
        foreach (var (one, next) in heard.Zip(heard.Skip(1)).Where(static pair => pair.Second.Sequence == (ushort)(pair.First.Sequence + 1)))
            Assert.Equal(8u * (uint)agreedMs, next.Timestamp - one.Timestamp);
    }

    [SkippableFact]
    public async Task Offer_RtcpElsewhere_GetsItsReportsThere()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await using var reports = new RtpEar();
        await Sipp.RunAsync("offer-rtcp-elsewhere", rig, Heard(ear) with { Keys = [("rtp_port", $"{ear.Port}"), ("rtcp_port", $"{reports.Port}")], Pause = TimeSpan.FromSeconds(7) });
        Assert.NotEmpty(reports.Sightings);
        Assert.All(reports.Sightings, static s => Assert.True(s.IsRtcp));
        Assert.All(ear.Sightings, static s => Assert.False(s.IsRtcp));
    }

    [SkippableFact]
    public async Task Offer_RtcpMux_GetsItsReportsOnTheSamePort()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await Sipp.RunAsync("offer-rtcp-mux", rig, Heard(ear) with { Pause = TimeSpan.FromSeconds(7) });
        Assert.Contains(ear.Sightings, static s => s.IsRtcp);
        Assert.Contains(ear.Sightings, static s => s.PayloadType == 0);
    }

    // The packets are as long as G.711 and ten bytes that prove it.
    [SkippableTheory]
    [InlineData("Optional", "offer-srtp", 170)]
    [InlineData("Never", "offer-srtp-beside", 160)]
    public async Task Offer_SrtpAndPlain_IsAnsweredByThePolicy(string policy, string scenario, int payloadBytes)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:Srtp", policy));
        await using var ear = new RtpEar();
        await Sipp.RunAsync(scenario, rig, Heard(ear));
        Assert.InRange(ear.Packets, 40, int.MaxValue);
        Assert.All(ear.Sightings, s => Assert.Equal((0, payloadBytes), (s.PayloadType, s.PayloadBytes)));
        Assert.Equal(payloadBytes > 160, (await rig.LastCallAsync()).Srtp is not null);
    }

    [SkippableFact]
    public async Task Offer_SrtpOnlyWhereItIsNotTaken_Is488()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:Srtp", "Never"));
        await Sipp.RunAsync("offer-srtp-only", rig);
        Assert.Empty(rig.Simulator.Sessions);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_OverIPv6_IsSignalledAndHeardThere(bool tcp)
    {
        Peer.Sipp.Require();
        Skip.IfNot(Socket.OSSupportsIPv6, "no IPv6 here");
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Listen:0", "udp:[::1]:0"), ("Sip:Listen:1", "tcp:[::1]:0"));
        await using var ear = new RtpEar(IPAddress.IPv6Loopback);
        await Sipp.RunAsync("offer-by-ipv6", rig, Heard(ear) with { IPv6 = true, Tcp = tcp });
        Assert.InRange(ear.Packets, 40, int.MaxValue);
        Assert.Equal(("caller_hung_up", "4930123"), ((await rig.LastCallAsync()).EndReason, (await rig.LastCallAsync()).Caller));
    }

    // The scenarios of a call's life once more on a connection: one for every call of the run.
    [SkippableTheory]
    [InlineData("reinvite")]
    [InlineData("update")]
    [InlineData("order")]
    public async Task Call_OverTcp_IsTheSame(string scenario)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync(scenario, rig, new SippOptions { Tcp = true, Calls = 3 });
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the calls end");
        Assert.Equal(3, rig.Simulator.Sessions.Count);
        Assert.Equal(1, rig.Gateway.Sip.Counters[SipCounter.ConnectionsAccepted]);
    }

    private static SippOptions Heard(RtpEar ear) => new() { Keys = [("rtp_port", $"{ear.Port}")] };
}
