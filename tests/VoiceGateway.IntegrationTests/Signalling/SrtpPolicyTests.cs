using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Privacy;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Signalling;

/// <summary>Who is encrypted with, and who is not spoken to at all.</summary>
public sealed class SrtpPolicyTests
{
    [Theory]
    [InlineData("Required", SrtpPolicy.Never, "SRTP is required")]
    [InlineData("Never", SrtpPolicy.Required, "SRTP is not taken")]
    public async Task Invite_AgainstThePolicy_Is488AndSaysWhy(string policy, SrtpPolicy phones, string why)
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:Srtp", policy));
        await using var phone = await PhoneAsync();
        var (result, agreed) = await InviteAsync(phone, rig.Target(), phones);
        Assert.Null(agreed);
        Assert.Equal((488, $"302 gateway \"{why}\""), (result.StatusCode, result.Response!.Headers.Get("Warning")));
        var call = await rig.LastCallAsync();
        Assert.Equal(("not_acceptable", why, null), (call.EndReason, call.EndDetail, call.Srtp));
        Assert.Empty(rig.Simulator.Sessions);
    }

    [Theory]
    [InlineData(SrtpPolicy.Required)]
    public async Task Call_CallerWhoEncrypts_BothAreHeardAndTheApiNamesTheSuite(SrtpPolicy callers)
    {
        await using var rig = await GatewayRig.StartAsync();
        var said = GatewayRig.Line(0);
        var report = await rig.CallAsync(new CallerOptions { Target = rig.Target(), Srtp = callers }, new ListenStep(), new SayStep(said), new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Contains(report.Turns, static turn => turn.LatencyMs is not null);

        var call = await rig.LastCallAsync();
        Assert.Equal("AEAD_AES_256_GCM", call.Srtp);
        var rtp = (JsonElement)call.Rtp!;
        Assert.Equal("AEAD_AES_256_GCM", rtp.GetProperty("srtp").GetString());
        Assert.Equal((0, 0), (rtp.GetProperty("srtpUnauthentic").GetInt32(), rtp.GetProperty("srtpReplayed").GetInt32()));
        Assert.InRange(rtp.GetProperty("packetsReceived").GetInt32(), 50, int.MaxValue);
    }

    [Fact]
    public async Task Call_CallerWhoDoesNotEncrypt_IsInTheClear()
    {
        await using var rig = await GatewayRig.StartAsync();
        var report = await rig.CallAsync(new ListenStep(), new HangUpStep());
        Assert.True(report.Succeeded, string.Join("; ", report.Problems));
        Assert.Null((await rig.LastCallAsync()).Srtp);
    }

    // Without TLS no key of ours is shown unasked; a trunk that must be encrypted is shown one all the same.
    [Theory]
    [InlineData("Never", "RTP/AVP", 0)]
    [InlineData("Optional", "RTP/AVP", 0)]
    [InlineData("Required", "RTP/SAVP", 6)]
    public async Task Dial_OverUdp_OffersByThePolicy(string policy, string profile, int keys)
    {
        await using var pbx = await Telephone.StartAsync();
        var offered = new TaskCompletionSource<SipCall>(TaskCreationOptions.RunContinuationsAsynchronously);
        pbx.Rung = call =>
        {
            call.Reject(488);
            offered.TrySetResult(call);
        };
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:pbx:Server", $"sip:127.0.0.1:{pbx.Uri().Port}"), ("Sip:Trunks:pbx:Srtp", policy));
        using var dialled = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "4711", trunk = "pbx" });
        Assert.Equal(HttpStatusCode.Accepted, dialled.StatusCode);
        Assert.True(SessionDescription.TryParse((await offered.Task.WaitAsync(TimeSpan.FromSeconds(20))).Invite.Body.Span, out var offer, out var error), error);
        Assert.Equal((profile, keys), (offer!.Media[0].Protocol, offer.Media[0].Crypto.Count));
        var call = await rig.LastCallAsync();
        Assert.Equal(("refused", null), (call.EndReason, call.Srtp));
    }

    [Fact]
    public async Task Call_Encrypted_NoKeyIsInTheLogAndTheOpenSignallingIsSaidOnce()
    {
        using var outlets = new Outlets();
        var keys = new List<string>();
        await using (var rig = await GatewayRig.StartAsync("say", outlets.AddTo, ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace")))
        {
            await using var phone = await PhoneAsync();
            for (var i = 0; i < 2; i++)
            {
                var (result, agreed) = await InviteAsync(phone, rig.Target(), SrtpPolicy.Required);
                Assert.Equal(200, result.StatusCode);
                keys.AddRange(agreed!.Srtp!.ReceiveKeys.Append(agreed.Srtp.SendKey).Select(static key => Convert.ToBase64String(key.KeyAndSalt)));
                await result.Call!.HangUpAsync();
                await rig.LastCallAsync();
            }
        }
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Single(outlets.Lines, static line => line.StartsWith("log Warning", StringComparison.Ordinal) && line.Contains("without TLS", StringComparison.Ordinal));
        Assert.All(keys, key => Assert.DoesNotContain(outlets.Lines, line => line.Contains(key[..20], StringComparison.Ordinal)));
    }

    private static async Task<SipEndpoint> PhoneAsync()
    {
        var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] });
        await endpoint.StartAsync();
        return endpoint;
    }

    private static async Task<(SipCallResult Result, NegotiatedAudio? Agreed)> InviteAsync(SipEndpoint phone, SipUri to, SrtpPolicy policy)
    {
        NegotiatedAudio? agreed = null;
        using var media = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var local = new LocalAudio(IPAddress.Loopback, ((IPEndPoint)media.Client.LocalEndPoint!).Port, LocalAudio.G711) { Srtp = policy };
        var result = await phone.CallAsync(new SipOutgoingCall
        {
            To = to,
            From = new SipNameAddress(new SipUri("4930123", "127.0.0.1")),
            Negotiator = new SdpNegotiator(local, audio => agreed = audio),
        });
        return (result, agreed);
    }
}
