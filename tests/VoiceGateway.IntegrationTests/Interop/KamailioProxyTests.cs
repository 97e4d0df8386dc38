using System.Net;
using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>kamailio in front of the gateway: it stays on the way of a call, loosely or strictly, and picks gateways that take calls.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class KamailioProxyTests
{
    private static readonly short[] AMinute = new short[8000 * 60];

    [SkippableTheory]
    [InlineData("LOOSE", "udp", true)]
    [InlineData("LOOSE", "udp", false)]
    [InlineData("STRICT", "udp", true)]
    [InlineData("STRICT", "udp", false)]
    [InlineData("LOOSE", "tcp", true)]
    public async Task Call_ByARecordRoutingProxy_HoldUpdateAndByeTakeTheRoute(string router, string transport, bool callerHangsUp)
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say");
        await using var ear = new RtpEar();
        var gateway = rig.Gateway.Sip.BoundEndPoints[transport == "tcp" ? 1 : 0].EndPoint;
        await using var proxy = await Kamailio.StartAsync("proxy", new KamailioOptions { Features = [router], Gateways = [$"sip:{gateway};transport={transport}"] });
        await using var caller = Sipp.Start("proxied", proxy.Port, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        if (!callerHangsUp)
        {
            await proxy.SaysAsync("UPDATE ");
            using var _ = await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}");
        }
        await caller.SucceedAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal(callerHangsUp ? "caller_hung_up" : "operator_hung_up", call.EndReason);
        Assert.Equal(["held", "resumed"], call.Timeline.Select(static m => m.Name).Where(static n => n is "held" or "resumed"));
        if (callerHangsUp) return;
        // To a strict router the gateway's request is addressed itself, and its Route ends with the caller (RFC 3261 section 12.2.1.1).
        var (uri, route) = router == "STRICT" ? ($"sip:127.0.0.1:{proxy.Port}", "<sip:4930123@127.0.0.1:") : ("sip:4930123@127.0.0.1:", $"<sip:127.0.0.1:{proxy.Port}");
        Assert.Matches($"BYE {uri}.* from {transport}:.* route={route}", proxy.Output);
    }

    [SkippableTheory]
    [InlineData("LOOSE")]
    [InlineData("STRICT")]
    public async Task Dial_ByARecordRoutingProxy_HoldAndByeOfTheCalleeTakeTheRoute(string router)
    {
        await using var phone = await Baresip.StartAsync(AMinute, G711Codec.MuLaw, answers: true);
        await using var proxy = await Kamailio.StartAsync("proxy", new KamailioOptions { Features = [router], Callee = phone.Port, Gateways = ["sip:127.0.0.1:9"] });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Settings($"127.0.0.1:{proxy.Port}"));
        await PbxTrunk.DialAsync(rig);
        await phone.EventAsync("CALL_ESTABLISHED");
        await phone.HoldAsync();
        await proxy.SaysAsync("INVITE ", times: 2);
        await phone.ResumeAsync();
        await proxy.SaysAsync("INVITE ", times: 3);
        await phone.HangUpAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal(("outbound", "caller_hung_up"), (call.Direction, call.EndReason));
        Assert.Equal(["held", "resumed"], call.Timeline.Select(static m => m.Name).Where(static n => n is "held" or "resumed"));
        // The ACK of the gateway's own INVITE has a route too.
        var (uri, route) = router == "STRICT" ? ($"sip:127.0.0.1:{proxy.Port}", "<sip:caller[^@ ]*@127.0.0.1:") : ("sip:caller[^@ ]*@127.0.0.1:", $"<sip:127.0.0.1:{proxy.Port}");
        Assert.Matches($"ACK {uri}.* route={route}", proxy.Output);
    }

    [SkippableFact]
    public async Task Drain_TwoGatewaysBehindADispatcher_CallsGoToTheOther()
    {
        Peer.Sipp.Require();
        await using var first = await GatewayRig.StartAsync("say");
        await using var second = await GatewayRig.StartAsync("say");
        string[] gateways = [$"sip:127.0.0.1:{first.SipPort}", $"sip:127.0.0.1:{second.SipPort}"];
        await using var proxy = await Kamailio.StartAsync("proxy", new KamailioOptions { Gateways = gateways });
        using (var draining = await first.Http.PostAsync("/api/drain", null)) Assert.Equal(HttpStatusCode.Accepted, draining.StatusCode);
        // Round robin asks the first one still, which refuses with 503: the call is not lost.
        await Sipp.RunAsync("short-call", proxy.Port, new SippOptions { Calls = 2 });
        await proxy.SaysAsync($"gateway {gateways[0]} is down");
        await Sipp.RunAsync("short-call", proxy.Port, new SippOptions { Calls = 2 });
        await GatewayRig.WaitUntilAsync(() => second.Gateway.Calls.Count == 0, "the calls are over");
        Assert.Empty(first.Simulator.Sessions);
        Assert.Equal(4, second.Simulator.Sessions.Count);
        // Once the probe has told, nobody is sent there any more.
        Assert.DoesNotContain($"call goes to {gateways[0]}", proxy.Output[proxy.Output.IndexOf("is down", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }
}
