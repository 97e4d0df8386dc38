using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Registration;

public class SipRegistrationTests
{
    [Fact]
    public async Task Register_IsSentAndRefreshedAndEnded()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Q = 0.7, Headers = [("X-Account", "7")] });
        Assert.Equal(SipRegistrationState.Registering, registration.Status.State);
        var first = registrar.Single();
        Assert.Equal("sip:192.0.2.2", first.RequestUri.ToString());
        Assert.Equal("sip:4711@pbx.test", first.To.Uri.ToString());
        Assert.Equal("sip:4711@pbx.test", first.From.Uri.ToString());
        Assert.Null(first.To.Tag);
        Assert.Equal("<sip:4711@192.0.2.1:5060>;q=0.7", first.Contact!.ToString());
        Assert.Equal("600", first.Headers.Get("Expires"));
        Assert.Equal("path", first.Headers.Get("Supported"));
        Assert.Equal("7", first.Headers.Get("X-Account"));

        fixture.Send(Registrar.Ok(first, "300"));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        Assert.Equal(200, registration.Status.StatusCode);
        Assert.Equal(fixture.Time.GetUtcNow() + TimeSpan.FromSeconds(300), registration.Status.ExpiresAt);
        Assert.Equal("sip:4711@192.0.2.1:5060", registration.Status.Contact!.ToString());
        Assert.Equal(fixture.From.RemoteEndPoint, registration.Status.Peer);

        fixture.Time.Advance(239_000);
        Assert.True(registrar.IsQuiet);
        fixture.Time.Advance(31_100);
        var refresh = registrar.Last();
        Assert.Equal(first.CallId, refresh.CallId);
        Assert.Equal(first.From.Tag, refresh.From.Tag);
        Assert.Equal(2u, refresh.CSeq.Number);
        Assert.NotEqual(first.TopVia.Branch, refresh.TopVia.Branch);
        fixture.Send(Registrar.Ok(refresh));
        Assert.Equal([SipRegistrationState.Registered, SipRegistrationState.Registered], registrar.States);
        Assert.Equal(fixture.Time.GetUtcNow() + TimeSpan.FromSeconds(600), registration.Status.ExpiresAt);

        var leaving = registration.DisposeAsync().AsTask();
        var last = registrar.Single();
        Assert.Equal(3u, last.CSeq.Number);
        Assert.Equal("0", last.Headers.Get("Expires"));
        Assert.Equal("sip:4711@192.0.2.1:5060", last.Contact!.Uri.ToString());
        Assert.False(leaving.IsCompleted);
        fixture.Send(Registrar.Ok(last, ""));
        await leaving;
        Assert.Equal(SipRegistrationState.Unregistered, registrar.States.Last());
        Assert.Null(registration.Status.ExpiresAt);
        fixture.Time.Advance(3_600_000);
        Assert.True(registrar.IsQuiet);
        Assert.Equal(0, fixture.From.Uses);
    }

    [Theory]
    [InlineData("<sip:4711@192.0.2.1:5060>;expires=90", null, 90)]
    [InlineData("<sip:other@192.0.2.9>;expires=10, <sip:4711@192.0.2.1:5060>;expires=90", "7", 90)]
    [InlineData("<sip:4711@198.51.100.7:31000>;expires=90", null, 90)] // rewritten for NAT
    [InlineData("<sip:4711@192.0.2.1:5060>", "80", 80)]
    [InlineData(null, "70", 70)]
    [InlineData(null, null, 600)]
    [InlineData("<sip:4711@192.0.2.1:5060>;expires=nonsense", null, 600)]
    public async Task Expiry_IsWhatTheRegistrarSays(string? contact, string? expires, int seconds)
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options);
        var ok = Registrar.Ok(registrar.Single(), "");
        if (contact is not null)
        {
            foreach (var one in contact.Split(", "))
                ok.Headers.Add("Contact", one);
        }

        if (expires is not null)
            ok.Headers.Set("Expires", expires);
        fixture.Send(ok);
        Assert.Equal(fixture.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds), registration.Status.ExpiresAt);
        var due = registration.Status.NextAttemptAt!.Value - fixture.Time.GetUtcNow();
        Assert.InRange(due.TotalSeconds, 0.8 * seconds, 0.9 * seconds);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Challenge_IsAnswered_AndTheNonceKept()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = new SipCredentials("gw", "secret") });
        fixture.Send(OutgoingChallengeTests.Challenge(registrar.Single(), 401, "n1"));
        var second = registrar.Single();
        Assert.Equal(2u, second.CSeq.Number);
        Assert.Equal(OutgoingChallengeTests.Answer(second, "Authorization", "n1", "00000001"), OutgoingChallengeTests.Field(second, "Authorization", "response"));
        fixture.Send(Registrar.Ok(second));
        Assert.Equal([SipRegistrationState.Registered], registrar.States);

        registration.Refresh();
        var refresh = registrar.Single();
        Assert.Equal(3u, refresh.CSeq.Number);
        Assert.Equal("00000002", OutgoingChallengeTests.Field(refresh, "Authorization", "nc"));
        fixture.Send(OutgoingChallengeTests.Challenge(refresh, 401, "n2")); // grown old, and not said so
        var again = registrar.Single();
        Assert.Equal("n2", OutgoingChallengeTests.Field(again, "Authorization", "nonce"));
        fixture.Send(Registrar.Ok(again));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Nonce_OfAServerWithoutQop_MayGrowOld()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = new SipCredentials("gw", "secret") });
        fixture.Send(Old(registrar.Single(), "n1"));
        fixture.Send(Registrar.Ok(registrar.Single()));
        registration.Refresh();
        fixture.Send(Old(registrar.Single(), "n2"));
        var again = registrar.Single();
        Assert.Equal("n2", OutgoingChallengeTests.Field(again, "Authorization", "nonce"));
        fixture.Send(Registrar.Ok(again));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        await registrar.LeaveAsync(registration);

        static SipResponse Old(SipRequest register, string nonce) =>
            Registrar.Refusal(register, 401, ("WWW-Authenticate", $"Digest realm=\"test\", nonce=\"{nonce}\""));
    }

    [Fact]
    public async Task Credentials_Refused_AreNotTriedAgainSoon()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = new SipCredentials("gw", "wrong") });
        fixture.Send(OutgoingChallengeTests.Challenge(registrar.Single(), 401, "n1"));
        fixture.Send(OutgoingChallengeTests.Challenge(registrar.Single(), 401, "n2"));
        Assert.Equal(SipRegistrationState.Failed, registration.Status.State);
        Assert.Equal(401, registration.Status.StatusCode);
        Assert.Equal(1, registration.Status.Failures);
        fixture.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.True(registrar.IsQuiet);
        fixture.Time.Advance(registration.Status.NextAttemptAt!.Value - fixture.Time.GetUtcNow());
        fixture.Send(Registrar.Ok(registrar.Last()));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        Assert.Equal(0, registration.Status.Failures);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task IntervalTooBrief_IsRaised()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Expires = TimeSpan.FromSeconds(60) });
        fixture.Send(Registrar.Refusal(registrar.Single(), 423, ("Min-Expires", "1800")));
        var again = registrar.Single();
        Assert.Equal("1800", again.Headers.Get("Expires"));
        Assert.Equal(2u, again.CSeq.Number);
        fixture.Send(Registrar.Ok(again, "1800"));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);

        registration.Refresh();
        Assert.Equal("1800", registrar.Single().Headers.Get("Expires")); // learned
        fixture.Time.Advance(32_000);
        await registrar.LeaveAsync(registration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("30")]
    [InlineData("999999999")]
    public async Task IntervalTooBrief_WithoutSense_IsAFailure(string? minimum)
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        await using var registration = fixture.Endpoint.Register(registrar.Options with { Expires = TimeSpan.FromSeconds(60) });
        fixture.Send(Registrar.Refusal(registrar.Single(), 423, minimum is null ? [] : [("Min-Expires", minimum)]));
        Assert.Equal(SipRegistrationState.Retrying, registration.Status.State);
        Assert.True(registrar.IsQuiet);
    }

    [Fact]
    public async Task Silence_IsRetriedWithGrowingPauses()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        await using var registration = fixture.Endpoint.Register(registrar.Options);
        int[] bounds = [60, 120, 240, 480, 960, 1800, 1800];
        foreach (int bound in bounds)
        {
            fixture.Time.Advance(32_000);
            Assert.Equal(SipRegistrationState.Retrying, registration.Status.State);
            Assert.Equal("No Answer", registration.Status.Reason);
            var pause = registration.Status.NextAttemptAt!.Value - fixture.Time.GetUtcNow();
            Assert.InRange(pause.TotalSeconds, bound / 2.0, bound);
            fixture.Received();
            fixture.Time.Advance(pause);
            Assert.Equal("REGISTER", fixture.Heard());
        }

        fixture.Time.Advance(32_000);
        Assert.Equal(bounds.Length + 1, registration.Status.Failures);
        Assert.Equal(bounds.Length + 1, fixture.Endpoint.Counters[SipCounter.RegistrationFailures]);
    }

    [Fact]
    public async Task Unavailable_WaitsAsLongAsItSays()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        await using var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Refusal(registrar.Single(), 503, ("Retry-After", "3600")));
        Assert.Equal(SipRegistrationState.Retrying, registration.Status.State);
        Assert.Equal(fixture.Time.GetUtcNow() + TimeSpan.FromHours(1), registration.Status.NextAttemptAt);
    }

    [Theory]
    [InlineData(403, SipRegistrationState.Failed)]
    [InlineData(404, SipRegistrationState.Failed)]
    [InlineData(407, SipRegistrationState.Failed)]
    [InlineData(603, SipRegistrationState.Failed)]
    [InlineData(302, SipRegistrationState.Failed)]
    [InlineData(408, SipRegistrationState.Retrying)]
    [InlineData(480, SipRegistrationState.Retrying)]
    [InlineData(500, SipRegistrationState.Retrying)]
    [InlineData(504, SipRegistrationState.Retrying)]
    public async Task Refusal_IsForGoodOrNot(int status, SipRegistrationState state)
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        await using var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Refusal(registrar.Single(), status));
        Assert.Equal(state, registration.Status.State);
        Assert.Equal(status, registration.Status.StatusCode);
    }

    [Fact]
    public async Task Refresh_ThatFails_LeavesTheBindingItsTime()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Ok(registrar.Single()));
        var expiry = registration.Status.ExpiresAt;
        registration.Refresh();
        fixture.Time.Advance(32_000);
        Assert.Equal(SipRegistrationState.Retrying, registration.Status.State);
        Assert.Equal(expiry, registration.Status.ExpiresAt);
        fixture.Received();
        fixture.Time.Advance(60_000);
        fixture.Send(Registrar.Ok(registrar.Last()));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Ok_WithoutABinding_IsNone()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        await using var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Ok(registrar.Single(), "0"));
        Assert.Equal(SipRegistrationState.Retrying, registration.Status.State);
        Assert.Equal("Not Bound", registration.Status.Reason);
    }

    [Fact]
    public async Task SilentRegistrar_IsLeftForTheNext()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Registrar = Trunk.Uri.WithUser(null) });
        fixture.Time.Advance(8_000);
        var register = fixture.SingleRequestAt(Trunk.Second, "REGISTER");
        Assert.Equal(1u, register.CSeq.Number);
        fixture.Send(Registrar.Ok(register));
        Assert.Equal(Trunk.Second, registration.Status.Peer!.Address.ToString());
        Assert.Equal([SipRegistrationState.Registered], registrar.States);
        var leaving = registration.DisposeAsync().AsTask();
        fixture.Send(Registrar.Ok(fixture.SingleRequestAt(Trunk.Second, "REGISTER"), "")); // where the binding is
        await leaving;
    }

    [Fact]
    public async Task Calls_GoThroughTheRegistration()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with
        {
            Credentials = new SipCredentials("gw", "secret"),
            Proxy = new SipUri(null, StackFixture.Peer),
        });
        var register = registrar.Single();
        Assert.Equal(["<sip:192.0.2.2;lr>"], register.Routes.Select(route => route.ToString()));
        fixture.Send(Registrar.Ok(register, headers: [("Service-Route", "<sip:orig@192.0.2.60;lr>"), ("Service-Route", "<sip:192.0.2.61;lr>")]));
        Assert.Equal(2, registration.ServiceRoute.Count);

        var calling = fixture.Endpoint.CallAsync(registration.Through(fixture.Outgoing() with { From = null, To = new SipUri("bob", "pbx.test") }));
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal(["<sip:192.0.2.2;lr>", "<sip:orig@192.0.2.60;lr>", "<sip:192.0.2.61;lr>"], invite.Routes.Select(route => route.ToString()));
        Assert.Equal("sip:4711@pbx.test", invite.From.Uri.ToString());
        fixture.Send(OutgoingChallengeTests.Challenge(invite, 407, "n1"));
        var again = (SipRequest)fixture.Received()[1];
        Assert.NotNull(again.Headers.Get("Proxy-Authorization"));
        Assert.Equal(3, again.Routes.Count);
        fixture.Send(StackFixture.Response(again, 486));
        Assert.Equal(486, (await calling).StatusCode);
        fixture.Received();

        registration.Refresh();
        fixture.Send(Registrar.Ok(registrar.Single())); // RFC 3608 section 5: what the latest response says
        Assert.Empty(registration.ServiceRoute);
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Calls_NeedNoChallengeOfTheirOwn()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Credentials = new SipCredentials("gw", "secret") });
        fixture.Send(OutgoingChallengeTests.Challenge(registrar.Single(), 401, "n1"));
        fixture.Send(Registrar.Ok(registrar.Single()));
        var calling = fixture.Endpoint.CallAsync(registration.Through(fixture.Outgoing()));
        var invite = fixture.SingleRequest("INVITE");
        Assert.Equal(OutgoingChallengeTests.Answer(invite, "Authorization", "n1", "00000002"), OutgoingChallengeTests.Field(invite, "Authorization", "response"));
        fixture.Send(OutgoingChallengeTests.Challenge(invite, 401, "n2")); // this registrar wants a nonce for each call
        var again = (SipRequest)fixture.Received()[1];
        Assert.Equal("n2", OutgoingChallengeTests.Field(again, "Authorization", "nonce"));
        fixture.Send(StackFixture.Response(again, 486));
        Assert.Equal(486, (await calling).StatusCode);
        fixture.Received();
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Several_AreIndependent()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var one = fixture.Endpoint.Register(registrar.Options);
        var first = registrar.Single();
        var two = fixture.Endpoint.Register(registrar.Options with { AddressOfRecord = new SipUri("4712", "pbx.test") });
        var second = registrar.Single();
        Assert.NotEqual(first.CallId, second.CallId);
        fixture.Send(Registrar.Refusal(second, 403));
        fixture.Send(Registrar.Ok(first));
        Assert.Equal(SipRegistrationState.Registered, one.Status.State);
        Assert.Equal(SipRegistrationState.Failed, two.Status.State);
        await two.DisposeAsync(); // was never bound: nothing to say
        Assert.True(registrar.IsQuiet);
        await registrar.LeaveAsync(one);
    }

    [Fact]
    public async Task Dispose_WaitsOnlyALittle()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Ok(registrar.Single()));
        var leaving = registration.DisposeAsync().AsTask();
        fixture.Time.Advance(1_900);
        Assert.False(leaving.IsCompleted);
        fixture.Time.Advance(100);
        await leaving;
        Assert.Equal(SipRegistrationState.Unregistered, registration.Status.State);
        await registration.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_WithARegisterUnderWay_TakesItBack()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options);
        var first = registrar.Single();
        var leaving = registration.DisposeAsync().AsTask();
        var last = registrar.Single();
        Assert.Equal(("0", 2u), (last.Headers.Get("Expires"), last.CSeq.Number));
        fixture.Send(Registrar.Ok(first));
        Assert.False(leaving.IsCompleted);
        fixture.Send(Registrar.Ok(last, ""));
        await leaving;
    }

    [Fact]
    public async Task Endpoint_Disposed_TellsTheRegistrarAndWaitsForNothing()
    {
        var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Ok(registrar.Single()));
        await fixture.DisposeAsync();
        Assert.Equal("0", registrar.Single().Headers.Get("Expires"));
        Assert.Equal(SipRegistrationState.Unregistered, registration.Status.State);
        await registration.DisposeAsync();
    }

    [Fact]
    public async Task Callback_ThatThrows_EndsNothing()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        bool throws = true;
        var registration = fixture.Endpoint.Register(registrar.Options with
        {
            OnChanged = _ =>
            {
                if (throws)
                    throw new InvalidOperationException("callback");
            },
        });
        fixture.Send(Registrar.Ok(registrar.Single()));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        Assert.Single(fixture.Faults);
        throws = false;
        fixture.Time.Advance(540_000);
        fixture.Send(Registrar.Ok(registrar.Last()));
        await registrar.LeaveAsync(registration);
    }

    [Fact]
    public async Task Connection_Lost_IsRegisteredAnew()
    {
        await using var fixture = new StackFixture(SipTransportKind.Tcp);
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { Registrar = new SipUri(null, StackFixture.Peer).WithParameter("transport", "tcp") });
        var first = registrar.Single();
        Assert.Equal("<sip:4711@192.0.2.1:5060;transport=tcp>", first.Contact!.ToString());
        fixture.Send(Registrar.Ok(first));
        Assert.Equal(1, fixture.From.Uses);
        fixture.Time.Advance(60_000);
        fixture.Transport.Break(fixture.From.RemoteEndPoint);
        var second = fixture.SingleRequestAt(StackFixture.Peer, "REGISTER");
        Assert.Equal(2u, second.CSeq.Number);
        fixture.Send(Registrar.Ok(second));
        Assert.Equal(0, fixture.From.Uses);
        fixture.Transport.Break(fixture.From.RemoteEndPoint);
        Assert.Empty(fixture.Received(fixture.At(StackFixture.Peer))); // who hangs up on everybody is not asked at once again
        fixture.Time.Advance(30_000);
        fixture.Send(Registrar.Ok(fixture.SingleRequestAt(StackFixture.Peer, "REGISTER")));
        Assert.Equal(SipRegistrationState.Registered, registration.Status.State);
        var leaving = registration.DisposeAsync().AsTask();
        fixture.Send(Registrar.Ok(fixture.SingleRequestAt(StackFixture.Peer, "REGISTER"), ""));
        await leaving;
    }

    [Fact]
    public async Task Options_OutOfRange_Throw()
    {
        await using var fixture = new StackFixture();
        var good = new Registrar(fixture).Options;
        SipRegistrationOptions[] bad =
        [
            good with { Registrar = new SipUri("user", "pbx.test") },
            good with { Expires = TimeSpan.Zero },
            good with { Q = 1.1 },
            good with { RetryBase = TimeSpan.Zero },
            good with { RetryMost = TimeSpan.FromSeconds(1) },
            good with { KeepAlive = TimeSpan.Zero },
            good with { Headers = [("X", "a\r\nb")] },
        ];
        foreach (var options in bad)
            Assert.Throws<ArgumentException>(() => fixture.Endpoint.Register(options));
        Assert.Empty(fixture.Received());
    }
}
