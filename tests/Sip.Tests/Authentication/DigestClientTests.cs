using VoiceGateway.Sip.Tests.Dialogs;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Authentication;

/// <summary>RFC 3261 sections 22.2 and 22.3, RFC 7616 section 3.4, RFC 8760 section 2.4.</summary>
public class DigestClientTests
{
    private static readonly SipCredentials Alice = new("alice", "secret");

    [Fact]
    public void Challenge_IsAnsweredAsTheRequestWants()
    {
        var request = Request();
        Assert.True(new DigestClient(Alice).TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, opaque=\"o\\\"o\", qop=\"auth,auth-int\"")));
        var sent = Sent(request, SipHeaderNames.Authorization);
        Assert.Equal("alice r n sip:bob@192.0.2.1 SHA-256 o\"o auth 00000001",
            string.Join(' ', sent["username"], sent["realm"], sent["nonce"], sent["uri"], sent["algorithm"], sent["opaque"], sent["qop"], sent["nc"]));
        Assert.Equal(Expected(sent, Alice, DigestAlgorithm.Sha256), sent["response"]);
        Assert.Contains("opaque=\"o\\\"o\"", request.Headers.Get(SipHeaderNames.Authorization));
    }

    [Fact]
    public void Challenge_OfAProxy_IsAnsweredToTheProxy()
    {
        var request = Request();
        Assert.True(new DigestClient(Alice).TryAuthorize(request, Challenged(request, 407, "Digest realm=\"r\", nonce=\"n\"")));
        Assert.Equal("r", Sent(request, SipHeaderNames.ProxyAuthorization)["realm"]);
        Assert.False(request.Headers.Contains(SipHeaderNames.Authorization));
    }

    [Fact]
    public void Challenge_WithoutQop_IsAnsweredAsRfc2069Did()
    {
        var request = Request();
        Assert.True(new DigestClient(Alice).TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"n\"")));
        var sent = Sent(request, SipHeaderNames.Authorization);
        Assert.Null(sent["nc"]);
        Assert.Null(sent["cnonce"]);
        Assert.Null(sent["algorithm"]); // only what was in the challenge
        Assert.Equal(Expected(sent, Alice, DigestAlgorithm.Md5), sent["response"]);
    }

    [Theory]
    [InlineData("Digest realm=\"r\", nonce=\"m\", algorithm=MD5", "Digest realm=\"r\", nonce=\"s\", algorithm=SHA-256")]
    [InlineData("Digest realm=\"r\", nonce=\"s\", algorithm=SHA-256, Digest realm=\"r\", nonce=\"m\", algorithm=MD5")]
    [InlineData("Digest realm=\"r\", nonce=\"x\", algorithm=SHA-512-256", "Digest realm=\"r\", nonce=\"s\", algorithm=SHA-256")]
    [InlineData("Basic realm=\"r\"", "Digest realm=\"r\", nonce=\"s\", algorithm=SHA-256, qop=\"auth\"")]
    public void Challenges_OfOneRealm_AreAnsweredByTheBest(params string[] challenges)
    {
        var request = Request();
        Assert.True(new DigestClient(Alice).TryAuthorize(request, Challenged(request, 401, challenges)));
        Assert.Equal("s", Sent(request, SipHeaderNames.Authorization)["nonce"]);
    }

    [Fact]
    public void Challenges_OfSeveralRealms_AreAllAnswered()
    {
        var request = Request();
        var response = Challenged(request, 401, "Digest realm=\"a\", nonce=\"1\"", "Digest realm=\"b\", nonce=\"2\"");
        response.Headers.Add(SipHeaderNames.ProxyAuthenticate, "Digest realm=\"p\", nonce=\"3\"");
        Assert.True(new DigestClient(Alice).TryAuthorize(request, response));
        Assert.Equal(2, request.Headers.GetAll(SipHeaderNames.Authorization).Count());
        Assert.Equal("3", Sent(request, SipHeaderNames.ProxyAuthorization)["nonce"]);
    }

    [Theory]
    [InlineData("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth-conf\"")]
    [InlineData("Digest realm=\"other\", nonce=\"n\"")]
    [InlineData("Basic realm=\"r\"")]
    [InlineData("Digest realm=\"r")]
    [InlineData("nonsense")]
    public void Challenge_ThatCannotBeAnswered_IsGivenUp(string challenge)
    {
        var request = Request();
        Assert.False(new DigestClient(Alice with { Realm = "r" }).TryAuthorize(request, Challenged(request, 401, challenge)));
        Assert.False(request.Headers.Contains(SipHeaderNames.Authorization));
    }

    [Fact]
    public void Challenge_OnlyOfAuthInt_IsAnsweredOverTheBody()
    {
        var request = Request(body: StackFixture.Sdp());
        Assert.True(new DigestClient(Alice).TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"")));
        var sent = Sent(request, SipHeaderNames.Authorization);
        Assert.Equal("auth-int", sent["qop"]);
        Assert.Equal(Expected(sent, Alice, DigestAlgorithm.Md5, request.Body.Span), sent["response"]);
    }

    [Fact]
    public void Refusal_OfTheAnswer_IsGivenUpUnlessStale()
    {
        var client = new DigestClient(Alice);
        var request = Request();
        Assert.True(client.TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"1\", qop=\"auth\"")));
        Assert.True(client.TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"2\", qop=\"auth\", stale=TRUE")));
        Assert.Equal("2", Sent(request, SipHeaderNames.Authorization)["nonce"]);
        Assert.Single(request.Headers.GetAll(SipHeaderNames.Authorization));
        Assert.False(client.TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"3\", qop=\"auth\"")));
        var next = Request();
        client.Preauthorize(next);
        Assert.False(next.Headers.Contains(SipHeaderNames.Authorization)); // what was refused is not tried again
    }

    [Fact]
    public void Refusal_StaleForEver_IsGivenUp()
    {
        var client = new DigestClient(Alice);
        var request = Request();
        int tries = 0;
        while (client.TryAuthorize(request, Challenged(request, 401, $"Digest realm=\"r\", nonce=\"{tries}\", qop=\"auth\", stale=true")))
            Assert.True(++tries < 10);
        Assert.Equal(4, tries);
    }

    [Fact]
    public void Nonce_ThatWorkedBefore_IsUsedAgainAndMayGrowOldWithoutASign()
    {
        var client = new DigestClient(Alice);
        var first = Request();
        Assert.True(client.TryAuthorize(first, Challenged(first, 401, "Digest realm=\"r\", nonce=\"1\", qop=\"auth\"")));
        var second = Request();
        client.Preauthorize(second);
        Assert.Equal("00000002", Sent(second, SipHeaderNames.Authorization)["nc"]);
        Assert.True(client.TryAuthorize(second, Challenged(second, 401, "Digest realm=\"r\", nonce=\"2\", qop=\"auth\"")));
        Assert.Equal("00000001", Sent(second, SipHeaderNames.Authorization)["nc"]);
        Assert.False(client.TryAuthorize(second, Challenged(second, 401, "Digest realm=\"r\", nonce=\"3\", qop=\"auth\"")));
    }

    [Fact]
    public void User_WithQuotes_IsEscapedAndHashedAsItIs()
    {
        var odd = new SipCredentials("a\"b\\c", "p");
        var request = Request();
        Assert.True(new DigestClient(odd).TryAuthorize(request, Challenged(request, 401, "Digest realm=\"r\", nonce=\"n\"")));
        Assert.Contains("username=\"a\\\"b\\\\c\"", request.Headers.Get(SipHeaderNames.Authorization));
        var sent = Sent(TransactionFixture.Parse(System.Text.Encoding.UTF8.GetString(request.ToBytes())), SipHeaderNames.Authorization);
        Assert.Equal(odd.User, sent["username"]);
        Assert.Equal(Expected(sent, odd, DigestAlgorithm.Md5), sent["response"]);
    }

    [Fact]
    public void Credentials_Printed_HaveNoPassword() => Assert.Equal("alice at r", (Alice with { Realm = "r" }).ToString());

    internal static SipRequest Request(string method = "INVITE", uint cseq = 1, string body = "") =>
        (SipRequest)TransactionFixture.Parse(StackFixture.Request(method, cseq, body: body));

    private static SipResponse Challenged(SipRequest request, int status, params string[] challenges)
    {
        var response = request.CreateResponse(status, toTag: "t");
        foreach (var challenge in challenges)
            response.Headers.Add(status == 407 ? SipHeaderNames.ProxyAuthenticate : SipHeaderNames.WwwAuthenticate, challenge);
        return response;
    }

    private static AuthenticationFields Sent(SipMessage request, string header) => Assert.Single(AuthenticationFields.ReadDigests(request.Headers, header));

    private static string Expected(AuthenticationFields sent, SipCredentials who, DigestAlgorithm algorithm, ReadOnlySpan<byte> body = default) => DigestHash.Response(
        algorithm, who, sent["realm"]!, sent["nonce"]!, sent["qop"] is { } qop ? new DigestUse(qop, sent["nc"]!, sent["cnonce"]!) : null, "INVITE", sent["uri"]!, body);
}
