using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Authentication;

/// <summary>RFC 3261 section 22.4, RFC 7616 section 3.3, RFC 8760 section 2.3. The client is ours: its own tests hold it to the RFCs' numbers.</summary>
public class DigestServerTests
{
    private readonly FakeTime _time = new();
    private readonly DigestServer _server;

    public DigestServerTests() => _server = Server();

    [Fact]
    public void Challenge_OffersBothAlgorithmsTheBetterFirst()
    {
        var challenges = Challenges(_server.Challenge(default));
        Assert.Equal(["SHA-256", "MD5"], challenges.Select(challenge => challenge["algorithm"]));
        Assert.All(challenges, challenge => Assert.Equal("the realm auth", $"{challenge["realm"]} {challenge["qop"]}"));
        Assert.Equal(challenges[0]["nonce"], challenges[1]["nonce"]);
        Assert.NotEqual(challenges[0]["nonce"], Challenges(_server.Challenge(default))[0]["nonce"]);
        Assert.Null(challenges[0]["stale"]);
    }

    [Theory]
    [InlineData(DigestAlgorithm.Md5)]
    [InlineData(DigestAlgorithm.Sha256)]
    public void Credentials_Right_AreAcceptedByEitherAlgorithm(DigestAlgorithm algorithm)
    {
        var server = Server(options => options with { Algorithms = [algorithm] });
        Assert.Equal(new DigestVerdict(DigestOutcome.Accepted, "alice"), server.Check(Answered(server, new("alice", "secret"))));
    }

    [Fact]
    public void Credentials_OfAProxy_AreFoundInItsHeader()
    {
        var server = Server(options => options with { IsProxy = true });
        Assert.Equal(407, server.Status);
        var request = Answered(server, new("alice", "secret"));
        Assert.True(request.Headers.Contains(SipHeaderNames.ProxyAuthorization));
        Assert.True(server.Check(request).IsAccepted);
        Assert.Equal(DigestOutcome.NoCredentials, _server.Check(request).Outcome);
    }

    [Fact]
    public void Credentials_WrongOrUnknown_CannotBeToldApart()
    {
        var wrong = _server.Check(Answered(_server, new("alice", "wrong")));
        var unknown = _server.Check(Answered(_server, new("nobody", "secret")));
        Assert.Equal(new DigestVerdict(DigestOutcome.BadCredentials, "alice"), wrong);
        Assert.Equal(new DigestVerdict(DigestOutcome.BadCredentials, "nobody"), unknown);
        Assert.Equal(Shape(_server.Challenge(wrong)), Shape(_server.Challenge(unknown)));
        Assert.Equal(Shape(_server.Challenge(wrong)), Shape(_server.Challenge(new(DigestOutcome.NoCredentials, null))));
    }

    [Fact]
    public void Credentials_OfNobody_AreNotThoseOfAnEmptyPassword()
    {
        var server = new DigestServer("r", _ => null, new() { TimeProvider = _time });
        Assert.Equal(DigestOutcome.BadCredentials, server.Check(Answered(server, new("x", ""))).Outcome);
    }

    [Fact]
    public void Credentials_OfAnotherRealm_AreNone()
    {
        var request = Answered(Server(realm: "another"), new("alice", "secret"));
        Assert.Equal(new DigestVerdict(DigestOutcome.NoCredentials, null), _server.Check(request));
    }

    [Fact]
    public void Credentials_AmongThoseOfOthers_AreFound()
    {
        var request = Answered(_server, new("alice", "secret"));
        request.Headers.InsertFirst(SipHeaderNames.Authorization, "Digest username=\"x\", realm=\"elsewhere\", nonce=\"n\", uri=\"u\", response=\"0\"");
        Assert.True(_server.Check(request).IsAccepted);
    }

    [Theory]
    [InlineData("response=\"", "response=\"0")]
    [InlineData("uri=\"sip:bob@192.0.2.1\"", "uri=\"sip:premium@192.0.2.1\"")]
    [InlineData("nc=00000001", "nc=00000002")]
    [InlineData("nc=00000001", "nc=00000000")]
    [InlineData("nc=00000001", "nc=x")]
    [InlineData("nc=00000001", "nc=000000001")]
    [InlineData("qop=auth", "qop=auth-int")]
    [InlineData("qop=auth, ", "")]
    [InlineData("algorithm=SHA-256", "algorithm=MD5")]
    [InlineData("algorithm=SHA-256", "algorithm=SHA-512-256")]
    [InlineData("username=\"alice\"", "username=\"bob\"")]
    [InlineData("username=\"alice\", ", "")]
    public void Credentials_TamperedWith_AreBad(string part, string instead)
    {
        var request = Answered(_server, new("alice", "secret"));
        var value = request.Headers.Get(SipHeaderNames.Authorization)!;
        Assert.Contains(part, value);
        request.Headers.Set(SipHeaderNames.Authorization, value.Replace(part, instead, StringComparison.Ordinal));
        Assert.Equal(DigestOutcome.BadCredentials, _server.Check(request).Outcome);
        // Whatever was tried, the honest use of the nonce is still to come.
        request.Headers.Set(SipHeaderNames.Authorization, value);
        Assert.True(_server.Check(request).IsAccepted);
    }

    [Fact]
    public void Credentials_ForAnotherMethod_AreBad()
    {
        var invite = Answered(_server, new("alice", "secret"));
        var register = DigestClientTests.Request("REGISTER");
        register.Headers.Add(SipHeaderNames.Authorization, invite.Headers.Get(SipHeaderNames.Authorization)!);
        Assert.Equal(DigestOutcome.BadCredentials, _server.Check(register).Outcome);
    }

    [Fact]
    public void Nonce_Expired_IsStaleForTheRightPasswordOnly()
    {
        var right = Answered(_server, new("alice", "secret"));
        var wrong = Answered(_server, new("alice", "wrong"));
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromMilliseconds(1));
        var verdict = _server.Check(right);
        Assert.Equal(DigestOutcome.Stale, verdict.Outcome);
        Assert.All(Challenges(_server.Challenge(verdict)), challenge => Assert.Equal("true", challenge["stale"]));
        Assert.Equal(DigestOutcome.BadCredentials, _server.Check(wrong).Outcome);
    }

    [Fact]
    public void Nonce_OfAnotherProcess_IsStale() =>
        Assert.Equal(DigestOutcome.Stale, _server.Check(Answered(Server(), new("alice", "secret"))).Outcome);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public void Nonce_MadeUp_IsNeverGood(string nonce)
    {
        var client = new DigestClient(new("alice", "secret"));
        var request = DigestClientTests.Request();
        var response = request.CreateResponse(401);
        response.Headers.Add(SipHeaderNames.WwwAuthenticate, $"Digest realm=\"the realm\", nonce=\"{nonce}\", qop=\"auth\"");
        Assert.True(client.TryAuthorize(request, response));
        Assert.Equal(DigestOutcome.Stale, _server.Check(request).Outcome);
    }

    [Fact]
    public void Use_SeenBefore_IsAReplay()
    {
        var request = Answered(_server, new("alice", "secret"));
        Assert.True(_server.Check(request).IsAccepted);
        var verdict = _server.Check(request);
        Assert.Equal(DigestOutcome.Replayed, verdict.Outcome);
        Assert.True(verdict.IsStale); // an honest sender of two copies gets on
    }

    [Fact]
    public void Uses_OvertakingOneAnother_AreEachGoodOnce()
    {
        var client = new DigestClient(new("alice", "secret"));
        var first = AnsweredBy(_server, client);
        List<SipRequest> later = [];
        for (uint i = 2; i <= 101; i++)
        {
            var request = DigestClientTests.Request(cseq: i);
            client.Preauthorize(request);
            later.Add(request);
        }

        Assert.True(_server.Check(first).IsAccepted);
        Assert.True(_server.Check(later[9]).IsAccepted);
        Assert.True(_server.Check(later[4]).IsAccepted);
        Assert.Equal(DigestOutcome.Replayed, _server.Check(later[4]).Outcome);
        Assert.True(_server.Check(later[99]).IsAccepted);
        Assert.Equal(DigestOutcome.Replayed, _server.Check(later[5]).Outcome); // too far behind to be sure
        Assert.True(_server.Check(later[98]).IsAccepted);
        Assert.Equal(DigestOutcome.Replayed, _server.Check(first).Outcome);
    }

    [Fact]
    public void Nonce_WithoutCount_IsGoodOnce()
    {
        var request = DigestClientTests.Request();
        var nonce = Challenges(_server.Challenge(default))[0]["nonce"]!;
        var response = DigestHash.Response(DigestAlgorithm.Md5, new("alice", "secret"), "the realm", nonce, null, "INVITE", "sip:bob@192.0.2.1", default);
        request.Headers.Add(SipHeaderNames.Authorization, $"Digest username=\"alice\", realm=\"the realm\", nonce=\"{nonce}\", uri=\"sip:bob@192.0.2.1\", response=\"{response}\"");
        Assert.True(_server.Check(request).IsAccepted);
        Assert.Equal(DigestOutcome.Replayed, _server.Check(request).Outcome);
    }

    [Fact]
    public void Nonces_Forgotten_AreStaleRatherThanGoodAgain()
    {
        var server = Server(options => options with { MaxNonces = 3 });
        var first = Answered(server, new("alice", "secret"));
        Assert.True(server.Check(first).IsAccepted);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(1000);
            Assert.True(server.Check(Answered(server, new("alice", "secret"))).IsAccepted);
        }

        Assert.Equal(DigestOutcome.Stale, server.Check(first).Outcome);
    }

    [Fact]
    public void NonceUses_Flooded_StayBounded()
    {
        var uses = new NonceUses(_time, TimeSpan.FromMinutes(5), most: 100);
        for (int i = 0; i < 10_000; i++)
        {
            _time.Advance(1);
            Assert.Equal(DigestOutcome.Accepted, uses.TryUse($"n{i}", _time.GetTimestamp(), 1));
        }

        Assert.Equal(100, uses.Count);
        _time.Advance(TimeSpan.FromMinutes(6));
        uses.TryUse("late", _time.GetTimestamp(), 1);
        Assert.Equal(1, uses.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\r\nlines")]
    public void Realm_ThatCannotBeWritten_IsRefused(string realm) =>
        Assert.ThrowsAny<ArgumentException>(() => new DigestServer(realm, _ => null));

    [Fact]
    public void Realm_WithQuotes_IsEscaped()
    {
        var server = Server(realm: "the \"realm\"");
        Assert.Equal("the \"realm\"", Challenges(server.Challenge(default))[0]["realm"]);
        Assert.True(server.Check(Answered(server, new("alice", "secret"))).IsAccepted);
    }

    private DigestServer Server(Func<DigestServerOptions, DigestServerOptions>? configure = null, string realm = "the realm")
    {
        var options = new DigestServerOptions { TimeProvider = _time };
        return new DigestServer(realm, user => user == "alice" ? "secret" : null, configure?.Invoke(options) ?? options);
    }

    private static SipRequest Answered(DigestServer server, SipCredentials credentials) => AnsweredBy(server, new DigestClient(credentials));

    private static SipRequest AnsweredBy(DigestServer server, DigestClient client)
    {
        var request = DigestClientTests.Request();
        var response = request.CreateResponse(server.Status);
        foreach (var (name, value) in server.Challenge(server.Check(request)))
            response.Headers.Add(name, value);
        Assert.True(client.TryAuthorize(request, response));
        return request;
    }

    private static List<AuthenticationFields> Challenges(IReadOnlyList<(string Name, string Value)> challenge)
    {
        var headers = new SipHeaders();
        foreach (var (name, value) in challenge)
            headers.Add(name, value);
        return AuthenticationFields.ReadDigests(headers, challenge[0].Name);
    }

    private static string Shape(IReadOnlyList<(string Name, string Value)> challenge) =>
        string.Join('\n', challenge.Select(header => header.Name + System.Text.RegularExpressions.Regex.Replace(header.Value, "nonce=\"[^\"]*\"", "")));
}
