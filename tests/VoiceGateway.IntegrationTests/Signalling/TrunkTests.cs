using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Signalling;

/// <summary>Who may call the gateway, and what the others learn: nothing.</summary>
public sealed class TrunkTests
{
    private static readonly (string, string?) NobodyByAddress = ("Sip:Trunks:loopback:Addresses:0", "192.0.2.1");
    private static readonly (string, string?) NorByIPv6 = ("Sip:Trunks:loopback:Addresses:1", "192.0.2.2");
    private static readonly (string, string?) Alice = ("Sip:Trunks:alice:CallerUser", "alice");
    private static readonly (string, string?) Password = ("Sip:Trunks:alice:CallerPassword", "open sesame");

    [Fact]
    public async Task Stranger_WhateverItSends_HearsNothing()
    {
        await using var rig = await GatewayRig.StartAsync("say", NobodyByAddress, NorByIPv6);
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var line in new[] { "INVITE sip:100@127.0.0.1 SIP/2.0", "OPTIONS sip:100@127.0.0.1 SIP/2.0", "REGISTER sip:127.0.0.1 SIP/2.0", "BYE sip:100@127.0.0.1 SIP/2.0", "NONSENSE", "INVITE sip:100@127.0.0.1 SIP/9.0" })
            await stranger.SendAsync(Message(line, (IPEndPoint)stranger.Client.LocalEndPoint!), "127.0.0.1", rig.SipPort);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stranger.ReceiveAsync(patience.Token));
        Assert.Equal(0, rig.Gateway.Sip.ActiveCalls);
    }

    [Fact]
    public async Task Caller_WithTheRightPassword_IsAnswered()
    {
        await using var rig = await GatewayRig.StartAsync("say", NobodyByAddress, NorByIPv6, Alice, Password);
        await using var phone = await PhoneAsync();
        var result = await InviteAsync(phone, rig, new SipCredentials("alice", "open sesame"));
        Assert.Equal(200, result.StatusCode);
        await result.Call!.HangUpAsync();
    }

    [Theory]
    [InlineData("alice", "wrong")]
    [InlineData("mallory", "open sesame")]
    public async Task Caller_WithTheWrongPasswordOrUser_Is401AndLearnsNotWhich(string user, string password)
    {
        await using var rig = await GatewayRig.StartAsync("say", NobodyByAddress, NorByIPv6, Alice, Password);
        await using var phone = await PhoneAsync();
        var result = await InviteAsync(phone, rig, new SipCredentials(user, password));
        Assert.Equal(401, result.StatusCode);
        Assert.Empty(rig.Simulator.Sessions);
    }

    [Fact]
    public async Task Caller_PasswordWantedBesideTheAddress_AddressAloneIs401()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:CallerUser", "alice"), ("Sip:Trunks:loopback:CallerPassword", "open sesame"));
        await using var phone = await PhoneAsync();
        Assert.Equal(401, (await InviteAsync(phone, rig, null)).StatusCode);
        var result = await InviteAsync(phone, rig, new SipCredentials("alice", "open sesame"));
        Assert.Equal(200, result.StatusCode);
        await result.Call!.HangUpAsync();
    }

    [Fact]
    public async Task Trunk_AtItsMaximum_NextCallIs503UntilOneEnds()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:loopback:MaxCalls", "1"));
        await using var phone = await PhoneAsync();
        var first = await InviteAsync(phone, rig, null);
        Assert.Equal(200, first.StatusCode);
        Assert.Equal(1, (await TrunksAsync(rig)).GetProperty("trunks")[0].GetProperty("calls").GetInt32());
        var second = await InviteAsync(phone, rig, null);
        Assert.Equal(503, second.StatusCode);
        Assert.NotNull(second.Response!.Headers.Get("Retry-After"));
        await first.Call!.HangUpAsync();
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the first call has gone");
        var third = await InviteAsync(phone, rig, null);
        Assert.Equal(200, third.StatusCode);
        await third.Call!.HangUpAsync();
    }

    [Fact]
    public async Task Dial_ThroughATrunk_AnswersItsChallengeAndShowsItsNumber()
    {
        await using var pbx = new AnsweringPbx("gateway", "their secret");
        await pbx.StartAsync();
        await using var rig = await GatewayRig.StartAsync(
            "say", ("Sip:Trunks:pbx:Server", $"sip:127.0.0.1:{pbx.Port}"), ("Sip:Trunks:pbx:User", "gateway"), ("Sip:Trunks:pbx:Password", "their secret"), ("Sip:Trunks:pbx:CallerId", "4930999"));
        using var dialled = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "4711", trunk = "pbx" });
        Assert.Equal(HttpStatusCode.Accepted, dialled.StatusCode);
        var call = await pbx.CallAsync();
        Assert.Equal("4711", call.Invite.RequestUri.User);
        Assert.Equal("4930999", call.From.Uri.User);
        await GatewayRig.WaitUntilAsync(() => call.State == SipCallState.Established, "the call is up");
        await call.HangUpAsync();
    }

    [Fact]
    public async Task Dial_WithANumberOfOurs_ShowsItInTheTrunksDomain()
    {
        await using var pbx = new AnsweringPbx("gateway", "their secret");
        await pbx.StartAsync();
        await using var rig = await GatewayRig.StartAsync(
            "say", ("Sip:Trunks:pbx:Server", $"sip:127.0.0.1:{pbx.Port}"), ("Sip:Trunks:pbx:User", "gateway"), ("Sip:Trunks:pbx:Password", "their secret"), ("Sip:Trunks:pbx:AuthRealm", "pbx"));
        using var dialled = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "4711", trunk = "pbx", from = "4930111" });
        Assert.Equal(HttpStatusCode.Accepted, dialled.StatusCode);
        var call = await pbx.CallAsync();
        Assert.Equal($"sip:4930111@127.0.0.1:{pbx.Port}", call.From.Uri.ToString());
        await GatewayRig.WaitUntilAsync(() => call.State == SipCallState.Established, "the call is up");
        await call.HangUpAsync();
    }

    // Whoever may choose the realm could collect answers to crack.
    [Fact]
    public async Task Dial_ChallengedForAnotherRealm_ShowsNoPassword()
    {
        await using var pbx = new AnsweringPbx("gateway", "their secret");
        await pbx.StartAsync();
        await using var rig = await GatewayRig.StartAsync(
            "say", ("Sip:Trunks:pbx:Server", $"sip:127.0.0.1:{pbx.Port}"), ("Sip:Trunks:pbx:User", "gateway"), ("Sip:Trunks:pbx:Password", "their secret"), ("Sip:Trunks:pbx:AuthRealm", "another"));
        using var dialled = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "4711", trunk = "pbx" });
        Assert.Equal(HttpStatusCode.Accepted, dialled.StatusCode);
        var record = await rig.LastCallAsync();
        Assert.Equal("refused", record.EndReason);
        Assert.StartsWith("401", record.EndDetail, StringComparison.Ordinal);
    }

    // A defect in whoever watches the calls takes no place of the trunk's away.
    [Fact]
    public async Task Dial_SomethingThrows_NothingIsLeft()
    {
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:pbx:Server", "sip:127.0.0.1:9"), ("Sip:Trunks:pbx:MaxCalls", "1"));
        Action<VoiceGateway.Calls.Call> defect = static _ => throw new InvalidOperationException("a defect");
        rig.Gateway.Calls.Added += defect;
        for (var i = 0; i < 2; i++)
        {
            using var dialled = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "4711", trunk = "pbx" });
            Assert.Equal(HttpStatusCode.InternalServerError, dialled.StatusCode);
        }
        rig.Gateway.Calls.Added -= defect;
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "no call is left");
        Assert.Equal(0, Pbx(await TrunksAsync(rig)).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task Dial_TrunkThatIsNot_Is400()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var dialled = await rig.Http.PostAsJsonAsync("/api/calls", new { to = "4711", trunk = "nowhere" });
        Assert.Equal(HttpStatusCode.BadRequest, dialled.StatusCode);
        Assert.Contains("nowhere", await dialled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trunks_Probed_ApiSaysWhoAnswers()
    {
        await using var pbx = new AnsweringPbx("gateway", "their secret");
        await pbx.StartAsync();
        await using var rig = await GatewayRig.StartAsync("say", ("Sip:Trunks:pbx:Server", $"sip:127.0.0.1:{pbx.Port}"), ("Sip:Trunks:pbx:ProbeSeconds", "1"));
        await GatewayRig.WaitUntilAsync(() => Pbx(TrunksAsync(rig).GetAwaiter().GetResult()).GetProperty("probe").GetProperty("up").ValueKind == JsonValueKind.True, "the probe is answered");
        Assert.Equal(200, Pbx(await TrunksAsync(rig)).GetProperty("probe").GetProperty("statusCode").GetInt32());
    }

    private static JsonElement Pbx(JsonElement answer) => answer.GetProperty("trunks").EnumerateArray().Single(static t => t.GetProperty("name").GetString() == "pbx");

    private static Task<JsonElement> TrunksAsync(GatewayRig rig) => rig.Http.GetFromJsonAsync<JsonElement>("/api/trunks");

    private static async Task<SipEndpoint> PhoneAsync()
    {
        var endpoint = new SipEndpoint(new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))] });
        await endpoint.StartAsync();
        return endpoint;
    }

    private static Task<SipCallResult> InviteAsync(SipEndpoint phone, GatewayRig rig, SipCredentials? credentials) => phone.CallAsync(new SipOutgoingCall
    {
        To = rig.Target(),
        From = new SipNameAddress(new SipUri("4930123", "127.0.0.1")),
        Credentials = credentials,
        Negotiator = new SdpNegotiator(new LocalAudio(IPAddress.Loopback, 9, LocalAudio.G711), static _ => { }),
    });

    private static byte[] Message(string firstLine, IPEndPoint from) => Encoding.ASCII.GetBytes(
        $"{firstLine}\r\nVia: SIP/2.0/UDP {from};branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\nFrom: <sip:x@{from}>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\n"
        + $"Call-ID: {Guid.NewGuid():N}\r\nCSeq: 1 {firstLine.Split(' ')[0]}\r\nContact: <sip:x@{from}>\r\nContent-Length: 0\r\n\r\n");
}
