using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3261 section 22: calls that have to say who we are.</summary>
public class OutgoingChallengeTests
{
    private static readonly SipCredentials Credentials = new("gw", "secret");

    [Theory]
    [InlineData(401, "Authorization")]
    [InlineData(407, "Proxy-Authorization")]
    public async Task Challenge_IsAnsweredWithTheNextCSeq(int status, string header)
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials });
        var refused = fixture.SingleRequest("INVITE");
        Assert.Null(refused.Headers.Get(header));
        fixture.Send(Challenge(refused, status, "n1"));
        var heard = fixture.Received();
        Assert.Equal(["ACK", "INVITE"], heard.Select(StackFixture.Name));
        var invite = (SipRequest)heard[1];
        Assert.Equal(2u, invite.CSeq.Number);
        Assert.Equal(refused.CallId, invite.CallId);
        Assert.Equal(refused.From.ToString(), invite.From.ToString());
        Assert.Null(invite.To.Tag);
        Assert.NotEqual(refused.TopVia.Branch, invite.TopVia.Branch);
        Assert.Single(invite.Vias);
        Assert.Equal(Answer(invite, header, "n1", "00000001"), Field(invite, header, "response"));

        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        var call = (await calling).Call!;
        Assert.Equal(["offer", "accept SendRecv"], fixture.Negotiator.Log);
        var ack = fixture.SingleRequest("ACK");
        Assert.Equal(2u, ack.CSeq.Number);
        Assert.Equal(invite.Headers.Get(header), ack.Headers.Get(header)); // section 13.2.2.4

        _ = call.HangUpAsync();
        var bye = fixture.SingleRequest("BYE");
        Assert.Equal(3u, bye.CSeq.Number);
        Assert.Equal(Answer(bye, header, "n1", "00000002"), Field(bye, header, "response"));
        fixture.Send(StackFixture.Response(bye, 200, null));
        Assert.Equal(SipCallEndCause.LocalBye, (await call.Completion).Cause);
    }

    [Fact]
    public async Task Challenge_OfAStaleNonce_IsAnsweredAgain()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials });
        fixture.Send(Challenge(fixture.SingleRequest("INVITE"), 401, "n1"));
        fixture.Send(Challenge((SipRequest)fixture.Received()[1], 401, "n2", ", stale=true"));
        var invite = (SipRequest)fixture.Received()[1];
        Assert.Equal(3u, invite.CSeq.Number);
        Assert.Equal("n2", Field(invite, "Authorization", "nonce"));
        fixture.Send(StackFixture.Response(invite, 200, sdp: StackFixture.Sdp()));
        Assert.NotNull((await calling).Call);
    }

    [Fact]
    public async Task Challenge_AfterTheAnswer_IsTheOutcome()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials });
        fixture.Send(Challenge(fixture.SingleRequest("INVITE"), 407, "n1"));
        fixture.Send(Challenge((SipRequest)fixture.Received()[1], 407, "n2"));
        Assert.Equal(407, (await calling).StatusCode);
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Challenge_WithoutEnd_Ends()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials });
        int invites = 0;
        while (fixture.Received().OfType<SipRequest>().LastOrDefault(request => request.Method == "INVITE") is { } invite && ++invites < 50)
            fixture.Send(Challenge(invite, 401, $"n{invites}", ", stale=true"));
        Assert.InRange(invites, 3, 10);
        Assert.Equal(401, (await calling).StatusCode);
    }

    [Fact]
    public async Task Challenge_OfProxyAndCallee_AreBothAnswered()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials });
        fixture.Send(Challenge(fixture.SingleRequest("INVITE"), 407, "p"));
        fixture.Send(Challenge((SipRequest)fixture.Received()[1], 401, "s"));
        var invite = (SipRequest)fixture.Received()[1];
        Assert.Equal("p", Field(invite, "Proxy-Authorization", "nonce"));
        Assert.Equal("s", Field(invite, "Authorization", "nonce"));
        fixture.Send(StackFixture.Response(invite, 486));
        Assert.Equal(486, (await calling).StatusCode);
    }

    [Fact]
    public async Task Challenge_OfAnotherRealm_IsTheOutcome()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials with { Realm = "ours" } });
        fixture.Send(Challenge(fixture.SingleRequest("INVITE"), 401, "n1"));
        Assert.Equal(401, (await calling).StatusCode);
        Assert.Equal("ACK", fixture.Heard());
    }

    [Fact]
    public async Task Challenge_WhileCancelling_IsNotAnswered()
    {
        await using var fixture = new StackFixture();
        using var giveUp = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials }, giveUp.Token);
        var invite = fixture.SingleRequest("INVITE");
        giveUp.Cancel();
        fixture.Send(Challenge(invite, 401, "n1"));
        Assert.Equal("ACK", fixture.Heard());
        Assert.Null((await calling).Call);
    }

    [Fact]
    public async Task Challenge_OfARequestInTheDialog_IsAnswered()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = Credentials });
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 200, sdp: StackFixture.Sdp()));
        var call = (await calling).Call!;
        fixture.Received();
        var sending = call.SendRequestAsync("INFO", [("X-Note", "1")], "text/plain", "hello"u8.ToArray());
        var refused = fixture.SingleRequest("INFO");
        Assert.Equal(2u, refused.CSeq.Number);
        fixture.Send(Challenge(refused, 407, "n1"));
        var info = fixture.SingleRequest("INFO");
        Assert.Equal(3u, info.CSeq.Number);
        Assert.Equal("1", info.Headers.Get("X-Note"));
        Assert.Equal("hello", Encoding.UTF8.GetString(info.Body.Span));
        Assert.Equal(Answer(info, "Proxy-Authorization", "n1", "00000001"), Field(info, "Proxy-Authorization", "response"));
        fixture.Send(StackFixture.Response(info, 200, null));
        Assert.Equal(200, (await sending)!.StatusCode);
    }

    /// <summary>RFC 7616 section 3.4 with MD5, as a server checks it.</summary>
    internal static string Answer(SipRequest request, string header, string nonce, string count)
    {
        var a1 = Md5("gw:test:secret");
        var a2 = Md5($"{request.Method}:{request.RequestUri}");
        Assert.Equal(request.RequestUri.ToString(), Field(request, header, "uri"));
        Assert.Equal(count, Field(request, header, "nc"));
        return Md5($"{a1}:{nonce}:{count}:{Field(request, header, "cnonce")}:auth:{a2}");
    }

    internal static string? Field(SipRequest request, string header, string name)
    {
        Assert.StartsWith("Digest ", request.Headers.Get(header), StringComparison.Ordinal);
        foreach (var part in request.Headers.Get(header)!["Digest ".Length..].Split(','))
        {
            var (key, value) = (part.Split('=', 2)[0].Trim(), part.Split('=', 2)[1].Trim().Trim('"'));
            if (key == name)
                return value;
        }

        return null;
    }

    internal static SipResponse Challenge(SipRequest request, int status, string nonce, string more = "")
    {
        var response = request.CreateResponse(status, toTag: "challenger" + nonce);
        response.Headers.Set(status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", $"Digest realm=\"test\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"{more}");
        return response;
    }

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
