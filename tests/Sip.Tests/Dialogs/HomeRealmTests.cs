using VoiceGateway.Sip.Tests.Registration;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>A trunk passes on the challenges of whoever stands behind it: they get no answer to take home.</summary>
public class HomeRealmTests
{
    private readonly SipCredentials _credentials = new("gw", "secret");

    [Fact]
    public async Task Registered_OnlyTheRealmOfTheRegistrarIsAnswered()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = _credentials });
        fixture.Send(OutgoingChallengeTests.Challenge(registrar.Single(), 401, "n1"));
        fixture.Send(Registrar.Ok(registrar.Single()));

        var calling = fixture.Endpoint.CallAsync(registration.Through(fixture.Outgoing()));
        fixture.Send(Foreign(fixture.SingleRequest("INVITE"), 407));
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(407, (await calling).StatusCode);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Registrar_MayChangeItsRealm()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = _credentials });
        fixture.Send(OutgoingChallengeTests.Challenge(registrar.Single(), 401, "n1"));
        fixture.Send(Registrar.Ok(registrar.Single()));
        registration.Refresh();
        fixture.Send(Foreign(registrar.Single(), 401));
        fixture.Send(Registrar.Ok(registrar.Single()));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Registered_CallsElsewhereHaveNoCredentials()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = _credentials });
        fixture.Send(Registrar.Ok(registrar.Single()));
        Assert.Same(_credentials, registration.Through(fixture.Outgoing()).Credentials);
        Assert.Null(registration.Through(fixture.Outgoing() with { To = new SipUri("bob", "192.0.2.99") }).Credentials);
        var byRegistrar = registration.Through(fixture.Outgoing() with { To = new SipUri("bob", "192.0.2.99"), Proxy = registrar.Options.Registrar });
        Assert.Equal((_credentials, registrar.Options.Registrar), (byRegistrar.Credentials, byRegistrar.Proxy));
        Assert.Null(registration.Through(fixture.Outgoing() with { Proxy = new SipUri(null, "192.0.2.99") }).Credentials);
        var own = new SipCredentials("other", "secret");
        Assert.Same(own, registration.Through(fixture.Outgoing() with { Credentials = own }).Credentials);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Unregistered_WhoChallengesBehindTheFirstIsNotAnswered()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = _credentials });
        fixture.Send(OutgoingChallengeTests.Challenge(fixture.SingleRequest("INVITE"), 407, "n1"));
        fixture.Send(Foreign((SipRequest)fixture.Received()[1], 401));
        Assert.Equal("ACK", fixture.Heard());
        Assert.Equal(401, (await calling).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unregistered_TheFirstRealmThatWorkedStays(bool isSameAccount)
    {
        await using var fixture = new StackFixture();
        var first = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = _credentials });
        fixture.Send(OutgoingChallengeTests.Challenge(fixture.SingleRequest("INVITE"), 407, "n1"));
        var invite = (SipRequest)fixture.Received()[1];
        fixture.Send(StackFixture.Response(invite, 180));
        fixture.Send(StackFixture.Response(invite, 486));
        Assert.Equal(486, (await first).StatusCode);
        fixture.Received();

        var second = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = isSameAccount ? _credentials : _credentials with { } });
        fixture.Send(Foreign(fixture.SingleRequest("INVITE"), 401));
        Assert.Equal(isSameAccount ? "ACK" : "ACK INVITE", fixture.Heard());
        if (isSameAccount)
            Assert.Equal(401, (await second).StatusCode);
    }

    [Fact]
    public async Task Dialog_ThatPassesTheTrunkBy_GetsNoCredentials()
    {
        await using var fixture = new StackFixture();
        var callee = fixture.At("192.0.2.99");
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = _credentials });
        fixture.Send(OutgoingChallengeTests.Challenge(fixture.SingleRequest("INVITE"), 407, "n1"));
        fixture.Send(StackFixture.Response((SipRequest)fixture.Received()[1], 200, sdp: StackFixture.Sdp(), contact: "<sip:bob@192.0.2.99>"));
        var call = (await calling).Call!;
        var ack = (SipRequest)Assert.Single(fixture.Received(callee));
        Assert.Null(ack.Headers.Get("Proxy-Authorization"));
        _ = call.HangUpAsync();
        var bye = (SipRequest)Assert.Single(fixture.Received(callee));
        Assert.Null(bye.Headers.Get("Proxy-Authorization"));
        fixture.Send(Foreign(bye, 407));
        Assert.Empty(fixture.Received(callee));
    }

    [Fact]
    public async Task Dialog_OfACallThatNobodyChallenged_IsNotAnsweredBehindTheTrunk()
    {
        await using var fixture = new StackFixture();
        var callee = fixture.At("192.0.2.99");
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing() with { Credentials = _credentials });
        fixture.Send(StackFixture.Response(fixture.SingleRequest("INVITE"), 200, sdp: StackFixture.Sdp(), contact: "<sip:bob@192.0.2.99>"));
        var call = (await calling).Call!;
        fixture.Received(callee);
        _ = call.HangUpAsync();
        fixture.Send(Foreign((SipRequest)Assert.Single(fixture.Received(callee)), 407));
        Assert.Empty(fixture.Received(callee));
    }

    private static SipResponse Foreign(SipRequest request, int status)
    {
        var response = request.CreateResponse(status, toTag: "foreign");
        response.Headers.Set(status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", "Digest realm=\"foreign\", nonce=\"f1\", qop=\"auth\"");
        return response;
    }
}
