using System.Net;
using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Guard;

/// <summary>Strangers hear nothing that they could use; who is admitted is served as ever.</summary>
public class GatekeeperTests
{
    private readonly List<SipOffence> _offences = [];

    private static string Invite(uint cseq = 1, string headers = "", string callId = "c1") => StackFixture.Request("INVITE", cseq, callId: callId, body: StackFixture.Sdp(), headers: headers);

    private StackFixture Fixture(Gatekeeper gatekeeper, Func<SipEndpointOptions, SipEndpointOptions>? configure = null, params string[] methods) => new(
        configure: options => (configure ?? (static o => o))(options with { Gatekeeper = gatekeeper, OnOffence = _offences.Add }), additionalMethods: methods);

    public static TheoryData<string> Unanswerable => new(
        StackFixture.Request("OPTIONS"),
        StackFixture.Request("CANCEL"),
        StackFixture.Request("BYE", toTag: "x"),
        StackFixture.Request("INVITE", toTag: "x", body: StackFixture.Sdp()),
        StackFixture.Request("NEWMETHOD", toTag: "x"),
        StackFixture.Request("OPTIONS").Replace("SIP/2.0\r\nVia", "SIP/7.0\r\nVia", StringComparison.Ordinal),
        StackFixture.Request("INVITE").Replace("CSeq: 1 INVITE", "CSeq: 1 BYE", StringComparison.Ordinal),
        StackFixture.Request("OPTIONS", headers: "Max-Forwards: 1"));

    [Theory]
    [MemberData(nameof(Unanswerable))]
    public async Task Stranger_WithWhatFitsNothing_HearsNothing(string message)
    {
        await using var fixture = Fixture(new Gatekeeper());
        fixture.Send(message);
        Assert.Empty(fixture.Received());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.StrangersIgnored]);
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
        Assert.False(Assert.Single(_offences).IsKnown);
    }

    [Theory]
    [MemberData(nameof(Unanswerable))]
    public async Task Peer_WithWhatFitsNothing_IsAnswered(string message)
    {
        await using var fixture = Fixture(new Gatekeeper(StackFixture.Peer));
        fixture.Send(message);
        Assert.InRange(fixture.SingleResponse().StatusCode, 200, 505);
        Assert.Equal(0, fixture.Endpoint.Counters[SipCounter.StrangersIgnored]);
    }

    [Fact]
    public async Task Stranger_OnAStreamThatCannotBeFramed_HearsNothing()
    {
        await using var fixture = Fixture(new Gatekeeper());
        Assert.False(fixture.Stack.MayAnswer(fixture.From));
        Assert.Equal(SipOffenceKind.Malformed, Assert.Single(_offences).Kind);
    }

    [Fact]
    public async Task Invite_Accepted_LeadsToTheCallWithItsPeer()
    {
        var trunk = new object();
        var gatekeeper = new Gatekeeper { Admits = _ => SipAdmission.Accept(trunk) };
        await using var fixture = Fixture(gatekeeper);
        Assert.Same(trunk, fixture.Establish().Peer);
        Assert.Equal(["INVITE udp:192.0.2.2:5060"], gatekeeper.Asked);
        fixture.Send(StackFixture.Request("BYE", 2, toTag: fixture.Call.LocalTag)); // within the dialog nobody is asked again
        Assert.Equal("200", fixture.Heard());
        Assert.Single(gatekeeper.Asked);
    }

    /// <summary>The way back to a caller may lead by a PBX that wants a password of everybody.</summary>
    [Fact]
    public async Task Bye_Challenged_IsAnsweredWithTheCredentialsOfTheAdmission()
    {
        await using var fixture = Fixture(new Gatekeeper { Admits = _ => SipAdmission.Accept(null, new SipCredentials("gw", "secret")) });
        var ending = fixture.Establish().HangUpAsync();
        var refused = fixture.SingleRequest("BYE");
        fixture.Send(OutgoingChallengeTests.Challenge(refused, 407, "n1"));
        var bye = fixture.SingleRequest("BYE");
        Assert.Equal(refused.CSeq.Number + 1, bye.CSeq.Number);
        Assert.Equal(OutgoingChallengeTests.Answer(bye, "Proxy-Authorization", "n1", "00000001"), OutgoingChallengeTests.Field(bye, "Proxy-Authorization", "response"));
        fixture.Send(StackFixture.Response(bye, 200, null));
        await ending;
    }

    [Fact]
    public async Task Invite_Ignored_LeavesNothing()
    {
        await using var fixture = Fixture(new Gatekeeper { Admits = _ => SipAdmission.Ignore() });
        fixture.Send(Invite());
        Assert.Empty(fixture.Received());
        Assert.Empty(fixture.Handler.Calls);
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
        Assert.Equal(new SipOffence(new SipSource(fixture.From.RemoteEndPoint, SipTransportKind.Udp), SipOffenceKind.UnknownSource, false, "alice", 0), Assert.Single(_offences));
    }

    [Fact]
    public async Task Admission_ComesBeforeAnyOtherRefusal()
    {
        await using var fixture = Fixture(new Gatekeeper { Admits = _ => SipAdmission.Ignore() });
        fixture.Send(StackFixture.Request("REGISTER"));
        fixture.Send(Invite(headers: "Require: teleport"));
        fixture.Endpoint.IsDraining = true;
        fixture.Send(Invite(2));
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Stranger_Refused_GetsOneStatelessAnswerWhoseAckIsAbsorbed()
    {
        await using var fixture = Fixture(new Gatekeeper { Admits = _ => SipAdmission.Refuse(403, null, ("X-Why", "because")) });
        fixture.Send(Invite());
        fixture.Send(Invite());
        var answers = fixture.Received();
        Assert.Equal([403, 403], answers.Select(answer => ((SipResponse)answer).StatusCode));
        Assert.Equal(answers[0].To.Tag, answers[1].To.Tag); // RFC 3261 section 8.2.7
        Assert.Equal("because", answers[0].Headers.Get("X-Why"));
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
        fixture.Time.Advance(32_000);
        Assert.Empty(fixture.Received()); // nothing is repeated to an address that may be somebody else's
        fixture.Send(StackFixture.Request("ACK", toTag: answers[0].To.Tag!));
        Assert.Empty(fixture.Received());
        Assert.Equal(1, fixture.Endpoint.Counters[SipCounter.StatelessRefusalsAcknowledged]);
        Assert.Equal(2, fixture.Endpoint.Counters[SipCounter.NotAdmitted]);
    }

    [Fact]
    public async Task Peer_Refused_GetsATransaction()
    {
        await using var fixture = Fixture(new Gatekeeper(StackFixture.Peer) { Admits = _ => SipAdmission.Refuse(403) });
        fixture.Send(Invite());
        Assert.Equal("403", fixture.Heard());
        Assert.Equal(1, fixture.Endpoint.ActiveTransactions);
        fixture.Time.Advance(500);
        Assert.Equal("403", fixture.Heard());
        fixture.Send(StackFixture.Request("ACK", toTag: "any"));
        fixture.Time.Advance(6_000);
        Assert.Empty(fixture.Received());
    }

    [Fact]
    public async Task Caller_WithDigest_IsChallengedThenServed()
    {
        var server = new DigestServer("gw", user => user == "alice" ? "secret" : null);
        var gatekeeper = new Gatekeeper();
        gatekeeper.Admits = request => server.Check(request) is { IsAccepted: true } verdict ? SipAdmission.Accept(verdict.User) : SipAdmission.Challenge(server, server.Check(request));
        await using var fixture = Fixture(gatekeeper);
        fixture.Send(Invite());
        var challenge = fixture.SingleResponse();
        Assert.Equal(401, challenge.StatusCode);
        Assert.Equal(2, challenge.Headers.GetAll(SipHeaderNames.WwwAuthenticate).Count());
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
        Assert.Empty(_offences);
        fixture.Send(StackFixture.Request("ACK", toTag: challenge.To.Tag!));

        var again = Authentication.DigestClientTests.Request("INVITE", 2, StackFixture.Sdp());
        Assert.True(new DigestClient(new SipCredentials("alice", "secret")).TryAuthorize(again, challenge));
        fixture.Send(again);
        Assert.Equal("100", fixture.Heard());
        Assert.Equal("alice", fixture.Call.Peer);
        fixture.Send(again); // a repeat is the transaction's, no replay
        Assert.Equal("100", fixture.Heard());

        fixture.Send(StackFixture.Request("BYE", 2, toTag: "none"));
        Assert.Equal("481", fixture.Heard()); // no stranger any more
    }

    [Fact]
    public async Task Caller_WithTheWrongPassword_IsReported()
    {
        var server = new DigestServer("gw", _ => null);
        await using var fixture = Fixture(new Gatekeeper { Admits = request => SipAdmission.Challenge(server, server.Check(request)) });
        fixture.Send(Invite());
        var again = Authentication.DigestClientTests.Request("INVITE", 2, StackFixture.Sdp());
        Assert.True(new DigestClient(new SipCredentials("mallory", "guess")).TryAuthorize(again, fixture.SingleResponse()));
        fixture.Send(again);
        Assert.Equal("401", fixture.Heard());
        Assert.Equal((SipOffenceKind.BadCredentials, "mallory"), (_offences[0].Kind, _offences[0].User));
    }

    [Fact]
    public async Task Request_MergedOnAnotherBranch_IsNotAskedAbout()
    {
        var gatekeeper = new Gatekeeper();
        await using var fixture = Fixture(gatekeeper);
        fixture.Send(Invite());
        fixture.Send(StackFixture.Request("INVITE", branch: "other", body: StackFixture.Sdp()));
        Assert.Equal("100 482", fixture.Heard());
        Assert.Single(gatekeeper.Asked);
    }

    [Fact]
    public async Task Message_OutsideOfCalls_ReachesTheHandlerOnceAdmitted()
    {
        await using var fixture = Fixture(new Gatekeeper(), null, "MESSAGE");
        fixture.Send(StackFixture.Request("MESSAGE", body: "hello", contentType: "text/plain"));
        Assert.Equal("405", fixture.Heard()); // the handler's own answer: it takes none
        Assert.Equal(1, fixture.Endpoint.ActiveTransactions);
    }

    [Fact]
    public async Task Gatekeeper_ThatThrows_LosesTheMessageOnly()
    {
        await using var fixture = Fixture(new Gatekeeper { Admits = _ => throw new InvalidOperationException("gate") });
        fixture.Send(Invite());
        Assert.Empty(fixture.Received());
        Assert.Single(fixture.Faults);
        fixture.Faults.Clear();
    }

    [Fact]
    public async Task Offences_OfOneSource_AreReportedAFewTimesOnly()
    {
        await using var fixture = Fixture(new Gatekeeper(), static o => o with { Guard = null });
        for (uint i = 1; i <= 1000; i++)
            fixture.Send(StackFixture.Request("OPTIONS", i));
        Assert.Equal(10, _offences.Count);
        Assert.Equal(990, fixture.Endpoint.Counters[SipCounter.OffencesUnreported]);
        fixture.Time.Advance(5_000);
        fixture.Send(StackFixture.Request("OPTIONS", 1001));
        Assert.Equal(990, _offences[^1].Unreported);
    }

    [Fact]
    public async Task Offences_OfManySources_AreReportedAFewTimesOnly()
    {
        await using var fixture = Fixture(new Gatekeeper());
        for (int i = 0; i < 10_000; i++)
            fixture.Send("junk", fixture.Transport.FlowFrom(new IPEndPoint(0x0A000000 + i, 5060)));
        Assert.Equal(100, _offences.Count);
        fixture.Time.Advance(1_000);
        for (int i = 0; i < 10_000; i++)
            fixture.Send("junk", fixture.Transport.FlowFrom(new IPEndPoint(0x0B000000 + i, 5060)));
        Assert.Equal(110, _offences.Count);
    }

    [Fact]
    public async Task Offence_OfAUserWithControls_IsOneLine()
    {
        await using var fixture = Fixture(new Gatekeeper { Admits = _ => SipAdmission.Ignore(user: "a\r\nb" + new string('x', 500)) });
        fixture.Send(Invite());
        Assert.Equal("a  b" + new string('x', 60), _offences[0].User);
    }
}
