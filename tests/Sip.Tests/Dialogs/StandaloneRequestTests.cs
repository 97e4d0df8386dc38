using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

public class StandaloneRequestTests
{
    private static SipOutgoingRequest Message => new()
    {
        Method = "MESSAGE",
        To = new SipUri("bob", StackFixture.Peer),
        From = new SipNameAddress(new SipUri("gw", "example.com")),
        Headers = [("X-Account", "7")],
        Body = "Hello, Bob"u8.ToArray(),
    };

    [Fact]
    public async Task Message_IsSentAndAnswered()
    {
        await using var fixture = new StackFixture();
        var sending = fixture.Endpoint.SendAsync(Message);
        var message = fixture.SingleRequest("MESSAGE");
        Assert.Equal("sip:bob@192.0.2.2", message.RequestUri.ToString());
        Assert.Equal("gw", message.From.Uri.User);
        Assert.Equal("text/plain", message.ContentType);
        Assert.Equal("Hello, Bob", Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal("7", message.Headers.Get("X-Account"));
        Assert.Null(message.Contact); // RFC 3428 section 4
        fixture.Send(StackFixture.Response(message, 202));
        Assert.Equal(202, (await sending)!.StatusCode);
    }

    [Fact]
    public async Task Message_Challenged_IsSentAgain()
    {
        await using var fixture = new StackFixture();
        var sending = fixture.Endpoint.SendAsync(Message with { Credentials = new SipCredentials("gw", "secret") });
        fixture.Send(OutgoingChallengeTests.Challenge(fixture.SingleRequest("MESSAGE"), 407, "n1"));
        var again = fixture.SingleRequest("MESSAGE");
        Assert.Equal(2u, again.CSeq.Number);
        Assert.Equal(OutgoingChallengeTests.Answer(again, "Proxy-Authorization", "n1", "00000001"), OutgoingChallengeTests.Field(again, "Proxy-Authorization", "response"));
        fixture.Send(StackFixture.Response(again, 200));
        Assert.Equal(200, (await sending)!.StatusCode);
    }

    [Fact]
    public async Task Message_ToASilentHop_GoesOnToTheNext()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        var sending = fixture.Endpoint.SendAsync(Message with { To = Trunk.Uri });
        fixture.Time.Advance(8_000);
        var first = fixture.LastRequestAt(Trunk.First);
        var second = fixture.SingleRequestAt(Trunk.Second, "MESSAGE");
        Assert.Equal((first.CallId, first.CSeq), (second.CallId, second.CSeq));
        fixture.Send(StackFixture.Response(second, 200));
        Assert.Equal(200, (await sending)!.StatusCode);
    }

    [Fact]
    public async Task Routes_AreTaken()
    {
        await using var fixture = new StackFixture();
        Assert.True(SipNameAddress.TryParse("<sip:192.0.2.61;lr>", out var service));
        _ = fixture.Endpoint.SendAsync(Message with { Proxy = new SipUri(null, "192.0.2.60"), Routes = [service!] });
        var message = fixture.SingleRequestAt("192.0.2.60", "MESSAGE");
        Assert.Equal(["<sip:192.0.2.60;lr>", "<sip:192.0.2.61;lr>"], message.Routes.Select(route => route.ToString()));

        _ = fixture.Endpoint.SendAsync(Message with { Proxy = new SipUri(null, "192.0.2.61"), Routes = [service!] });
        Assert.Equal(["<sip:192.0.2.61;lr>"], fixture.SingleRequestAt("192.0.2.61", "MESSAGE").Routes.Select(route => route.ToString()));
    }

    [Fact]
    public async Task StrictRoute_TurnsTheRequestAround()
    {
        await using var fixture = new StackFixture();
        Assert.True(SipNameAddress.TryParse("<sip:strict@192.0.2.61>", out var strict));
        Assert.True(SipNameAddress.TryParse("<sip:192.0.2.62;lr>", out var loose));
        _ = fixture.Endpoint.SendAsync(Message with { Routes = [strict!, loose!] });
        var message = fixture.SingleRequestAt("192.0.2.61", "MESSAGE");
        Assert.Equal("sip:strict@192.0.2.61", message.RequestUri.ToString());
        Assert.Equal(["<sip:192.0.2.62;lr>", "<sip:bob@192.0.2.2>"], message.Routes.Select(route => route.ToString()));
        Assert.Equal("sip:bob@192.0.2.2", message.To.Uri.ToString());
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("ACK")]
    [InlineData("BYE")]
    [InlineData("REGISTER")]
    [InlineData("SUBSCRIBE")]
    [InlineData("")]
    [InlineData("NOT A TOKEN")]
    public async Task Method_ThatIsSentOtherwise_Throws(string method)
    {
        await using var fixture = new StackFixture();
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Endpoint.SendAsync(Message with { Method = method }));
    }

    [Fact]
    public async Task Header_ThatInjects_Throws()
    {
        await using var fixture = new StackFixture();
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Endpoint.SendAsync(Message with { Headers = [("X", "a\r\nVia: b")] }));
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Endpoint.SendAsync(Message with { ContentType = "text/plain\r\nVia: b" }));
    }

    [Fact]
    public async Task Cancel_WaitsNoLonger()
    {
        await using var fixture = new StackFixture(configure: Trunk.Configure);
        using var giveUp = new CancellationTokenSource();
        var sending = fixture.Endpoint.SendAsync(Message with { To = Trunk.Uri }, giveUp.Token);
        giveUp.Cancel();
        Assert.Null(await sending);
        fixture.Time.Advance(60_000);
        Assert.Empty(fixture.Received(fixture.At(Trunk.Second)));
        Assert.Equal(0, fixture.Endpoint.ActiveTransactions);
    }
}
