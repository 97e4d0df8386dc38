using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>TLS between the gateway and kamailio, with certificates on both sides (RFC 3261 section 26.3, RFC 5922, RFC 5923).</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class KamailioTlsTests
{
    private static readonly short[] AMinute = new short[8000 * 60];

    [SkippableFact]
    public async Task Register_OverTls_CallsBothWaysTakeTheOneConnection()
    {
        Peer.Sipp.Require();
        using var authority = new TestAuthority();
        await using var phone = await Baresip.StartAsync(AMinute, G711Codec.MuLaw, answers: true);
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Certificate = authority.Issue("pbx"), Callee = phone.Port });
        await using var rig = await GatewayRig.StartAsync("say", [.. authority.Issue("gateway").Settings, .. PbxTrunk.Registered($"127.0.0.1:{pbx.TlsPort};transport=tls")]);
        var registration = await PbxTrunk.BecomesAsync(rig, "registered");
        Assert.Equal($"tls:127.0.0.1:{pbx.TlsPort}", registration.GetProperty("peer").GetString());
        await Sipp.RunAsync("short-call", pbx.Port);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
        await PbxTrunk.DialAsync(rig);
        await phone.EventAsync("CALL_ESTABLISHED");
        await phone.HangUpAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal(("outbound", "caller_hung_up"), (call.Direction, call.EndReason));
        // The connection of the registration serves the PBX's calls too (alias in Via, RFC 5923): it need not open one.
        var counters = rig.Gateway.Sip.Counters;
        Assert.Equal((1, 0), (counters[SipCounter.ConnectionsOpened], counters[SipCounter.ConnectionsAccepted]));
    }

    [SkippableTheory]
    [InlineData("Off")]
    [InlineData("Require")]
    public async Task Call_ByAProxyOverTls_IsAnswered(string clientCertificates)
    {
        Peer.Sipp.Require();
        using var authority = new TestAuthority();
        await using var rig = await GatewayRig.StartAsync("say", [.. authority.Issue("gateway").Settings, ("Sip:Tls:ClientCertificates", clientCertificates)]);
        await using var ear = new RtpEar();
        await using var proxy = await Kamailio.StartAsync("proxy", new KamailioOptions { Certificate = authority.Issue("proxy"), Gateways = [TlsUri(rig)] });
        await Sipp.RunAsync("proxied", proxy.Port, new SippOptions { Keys = [("rtp_port", $"{ear.Port}")] });
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableTheory]
    [InlineData("other authority")]
    [InlineData("other name")]
    public async Task Dial_CertificateIsNotThePbxs_IsRefused(string wrong)
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        // Both trust the gateway's authority: what is wrong is what the PBX shows.
        var shown = wrong == "other name" ? authority.IssueForSomebodyElse("pbx") : stranger.Issue("pbx") with { Trust = authority.Trust };
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Certificate = shown, Callee = 9 });
        await using var rig = await GatewayRig.StartAsync("say", [.. authority.Issue("gateway").Settings, .. PbxTrunk.Registered($"127.0.0.1:{pbx.TlsPort};transport=tls")]);
        await PbxTrunk.BecomesAsync(rig, "retrying");
        await PbxTrunk.DialAsync(rig);
        var call = await rig.LastCallAsync();
        Assert.Equal("signalling_failed", call.EndReason);
        Assert.DoesNotContain("from tls:", pbx.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Call_ProxysCertificateIsOfAnotherAuthority_IsRefusedWhereOneIsRequired()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        await using var rig = await GatewayRig.StartAsync("say", [.. authority.Issue("gateway").Settings, ("Sip:Tls:ClientCertificates", "Require")]);
        await using var proxy = await Kamailio.StartAsync("proxy", new KamailioOptions { Certificate = stranger.Issue("proxy") with { Trust = authority.Trust }, Gateways = [TlsUri(rig)] });
        await proxy.SaysAsync("is down");
        Assert.DoesNotContain("is up", proxy.Output, StringComparison.Ordinal);
        Assert.Equal(0, rig.Gateway.Sip.ActiveCalls);
    }

    private static string TlsUri(GatewayRig rig) => $"sip:{rig.Gateway.Sip.BoundEndPoints[1].EndPoint};transport=tls";
}
