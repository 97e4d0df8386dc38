namespace VoiceGateway.Sip.Tests.Dialogs;

public class SessionTimerTermsTests
{
    private const string Timer = "Supported: timer\n";

    [Theory]
    [InlineData("1800", 1800, null)]
    [InlineData(" 4000 ; refresher = UAC", 4000, (int)SessionRefresher.Uac)]
    [InlineData("90;refresher=uas;x=y", 90, (int)SessionRefresher.Uas)]
    [InlineData("90;refresher=nobody", 90, null)]
    [InlineData("", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("-90", null, null)]
    [InlineData("99999999999", null, null)]
    public void SessionExpires_IsRead(string value, int? seconds, int? refresher)
    {
        var message = new SipResponse(200);
        message.Headers.Add("Session-Expires", value);
        var read = SessionExpires.Of(message);
        Assert.Equal(seconds, (int?)read?.Seconds);
        Assert.Equal((SessionRefresher?)refresher, read?.Refresher);
    }

    /// <summary>RFC 4028 section 9, table 2; and who asks for nothing.</summary>
    [Theory]
    [InlineData("Session-Expires: 1800", "1800;refresher=uas", false)]
    [InlineData("Session-Expires: 1800;refresher=uas", "1800;refresher=uas", false)]
    [InlineData(Timer + "Session-Expires: 1800", "1800;refresher=uac", true)]
    [InlineData(Timer + "Session-Expires: 1800;refresher=uac", "1800;refresher=uac", true)]
    [InlineData(Timer + "Session-Expires: 1800;refresher=uas", "1800;refresher=uas", true)]
    [InlineData("k: 100rel, timer\nx: 90;refresher=uas", "90;refresher=uas", true)]
    [InlineData(Timer, "1800;refresher=uas", true)]
    [InlineData(Timer + "Min-SE: 3600", "3600;refresher=uas", true)]
    [InlineData("Session-Expires: 30", null, false)] // by a proxy, for a peer that cannot be told 422
    [InlineData("", null, false)]
    public void Agree_Table2(string headers, string? expected, bool isRequired)
    {
        var terms = new SessionTimerTerms(new SipSessionTimerOptions());
        var success = new SipResponse(200);
        terms.Agree(Invite(headers), success);
        Assert.Equal(expected, success.Headers.Get("Session-Expires"));
        Assert.Equal(isRequired, success.Headers.ListContains("Require", "timer"));
        Assert.Equal(expected?.Contains("uas", StringComparison.Ordinal) ?? terms.IsRefresher, terms.IsRefresher);
    }

    [Theory]
    [InlineData(true, "1800;refresher=uas")]
    [InlineData(false, "1800;refresher=uac")]
    public void Agree_WithinTheDialog_KeepsWhoItIs(bool isOurs, string expected)
    {
        var terms = new SessionTimerTerms(new SipSessionTimerOptions());
        terms.Agree(Invite(Timer + $"Session-Expires: 1800;refresher={(isOurs ? "uas" : "uac")}"), new SipResponse(200));
        var success = new SipResponse(200);
        terms.Agree(Invite(Timer), success);
        Assert.Equal(expected, success.Headers.Get("Session-Expires"));
    }

    [Theory]
    [InlineData(Timer + "Session-Expires: 89", true)]
    [InlineData(Timer + "Session-Expires: 90", false)]
    [InlineData("Session-Expires: 89", false)]
    [InlineData(Timer, false)]
    public void IsTooBrief_OnlyForWhoUnderstandsIt(string headers, bool expected)
    {
        var terms = new SessionTimerTerms(new SipSessionTimerOptions());
        Assert.Equal(expected, terms.IsTooBrief(Invite(headers)));
        Assert.False(new SessionTimerTerms(null).IsTooBrief(Invite(headers)));
    }

    [Theory]
    [InlineData("1800;refresher=uac", 1800, true)]
    [InlineData("600;refresher=uas", 600, false)]
    [InlineData("600", 600, true)]
    [InlineData("1;refresher=uac", 90, true)] // below what is allowed: nobody is refreshed twice a second
    [InlineData(null, 0, true)]
    public void Accepted_TakesWhatThe2xxSays(string? value, int interval, bool isOurs)
    {
        var terms = new SessionTimerTerms(new SipSessionTimerOptions());
        var success = new SipResponse(200);
        if (value is not null)
            success.Headers.Add("Session-Expires", value);
        terms.Accepted(success);
        Assert.Equal(((uint)interval, isOurs), (terms.Interval, terms.IsRefresher));
    }

    [Fact]
    public void Put_FirstLeavesTheRoleOpenAndLaterOnesKeepIt()
    {
        var terms = new SessionTimerTerms(new SipSessionTimerOptions());
        var invite = Invite("");
        terms.Put(invite);
        Assert.Equal("1800", invite.Headers.Get("Session-Expires"));
        Assert.Null(invite.Headers.Get("Min-SE"));
        var success = new SipResponse(200);
        success.Headers.Add("Session-Expires", "600;refresher=uas");
        terms.Accepted(success);
        terms.Put(invite);
        Assert.Equal("600;refresher=uas", invite.Headers.Get("Session-Expires"));
    }

    [Fact]
    public void TryRaise_422_AsksForAsMuchAsThePeerWantsAndNotTwice()
    {
        var terms = new SessionTimerTerms(new SipSessionTimerOptions { Expires = TimeSpan.FromSeconds(120) });
        Assert.False(terms.TryRaise(Refusal(null)));
        Assert.True(terms.TryRaise(Refusal("300")));
        Assert.False(terms.TryRaise(Refusal("300")));
        var invite = Invite("");
        terms.Put(invite);
        Assert.Equal("300", invite.Headers.Get("Session-Expires"));
        Assert.Equal("300", invite.Headers.Get("Min-SE"));
        Assert.True(terms.TryRaise(Refusal("301")));
    }

    [Fact]
    public void Off_SaysAndHearsNothing()
    {
        var terms = new SessionTimerTerms(null);
        var invite = Invite(Timer + "Session-Expires: 1800");
        var success = new SipResponse(200);
        terms.Agree(invite, success);
        Assert.Null(success.Headers.Get("Session-Expires"));
        success.Headers.Add("Session-Expires", "1800");
        terms.Accepted(success);
        Assert.Equal(0u, terms.Interval);
        Assert.False(terms.TryRaise(Refusal("300")));
    }

    private static SipRequest Invite(string headers) =>
        (SipRequest)Transactions.TransactionFixture.Parse(StackFixture.Request("INVITE", headers: headers.TrimEnd('\n')));

    private static SipResponse Refusal(string? minimum)
    {
        var response = new SipResponse(422);
        if (minimum is not null)
            response.Headers.Add("Min-SE", minimum);
        return response;
    }
}
