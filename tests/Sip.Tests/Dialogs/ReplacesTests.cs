namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>RFC 3891: an INVITE that is to take the place of a call.</summary>
public class ReplacesTests
{
    [Fact]
    public async Task Invite_ReplacesACall_IsOfferedWithIt()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        (SipCall New, SipCall Old)? seen = null;
        fixture.Handler.Replacing = (replacing, replaced) =>
        {
            seen = (replacing, replaced);
            _ = replacing.AnswerAsync(fixture.Negotiator);
        };
        fixture.Send(Invite(Of(call), "Require: replaces"));
        Assert.Equal("100 200", fixture.Heard());
        Assert.Same(call, seen!.Value.Old);
        Assert.Equal("c2", seen.Value.New.CallId);
        Assert.Single(fixture.Handler.Calls);
        // Whoever answers the one hangs up the other.
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Invite_NobodyWantsThat_Is603AndTheCallGoesOn()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(Invite(Of(call)));
        Assert.Equal("100 603", fixture.Heard());
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Theory]
    [InlineData("c1;to-tag={to};from-tag=peer;early-only", 486)]
    [InlineData("c1;to-tag={to};from-tag=other", 481)]
    [InlineData("c1;to-tag=other;from-tag=peer", 481)]
    [InlineData("c9;to-tag={to};from-tag=peer", 481)]
    // The tags change places: that is how the other side knows the dialog.
    [InlineData("c1;to-tag=peer;from-tag={to}", 481)]
    [InlineData("c1;to-tag={to}", 400)]
    [InlineData("c1;to-tag={to};to-tag={to};from-tag=peer", 400)]
    [InlineData("c1", 400)]
    [InlineData("", 400)]
    public async Task Invite_ReplacesWhatIsNotThere_IsRefused(string replaces, int status)
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(Invite(replaces.Replace("{to}", call.LocalTag, StringComparison.Ordinal)));
        Assert.Equal($"100 {status}", fixture.Heard());
        Assert.Single(fixture.Handler.Calls);
        Assert.Equal(SipCallState.Established, call.State);
    }

    [Fact]
    public async Task Invite_TwoReplaces_Is400()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(Invite(Of(call), $"Replaces: {Of(call)}"));
        Assert.Equal("100 400", fixture.Heard());
    }

    [Fact]
    public async Task Invite_ReplacesAndJoins_Is400()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(Invite(Of(call), $"Join: {Of(call)}"));
        Assert.Equal("100 400", fixture.Heard());
    }

    // Section 3: an early dialog that this side did not begin.
    [Fact]
    public async Task Invite_ReplacesACallThatRingsHere_Is481()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Call.Ring();
        fixture.Received();
        fixture.Send(Invite(Of(fixture.Call)));
        Assert.Equal("100 481", fixture.Heard());
    }

    [Fact]
    public async Task Invite_ReplacesACallThatRingsThere_IsOffered()
    {
        await using var fixture = new StackFixture();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing());
        var ringing = fixture.SingleRequest("INVITE");
        fixture.Send(StackFixture.Response(ringing, 180));
        SipCall? replaced = null;
        fixture.Handler.Replacing = (call, old) =>
        {
            replaced = old;
            call.Reject(486);
        };
        fixture.Send(Invite($"{ringing.CallId};to-tag={ringing.From.Tag};from-tag=bobtag;early-only"));
        Assert.Equal("100 486", fixture.Heard());
        Assert.Equal(SipCallState.Ringing, replaced!.State);
        fixture.Send(StackFixture.Response(ringing, 486));
        await calling;
    }

    [Fact]
    public async Task Invite_ReplacesACallThatIsBeingHungUp_Is603()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        _ = call.HangUpAsync();
        fixture.SingleRequest("BYE");
        fixture.Send(Invite(Of(call)));
        Assert.Equal("100 603", fixture.Heard());
    }

    [Theory]
    [InlineData("98asjd8@test.com;to-tag=12345;from-tag=54321", "98asjd8@test.com", "12345", "54321", false)]
    [InlineData("12asjd8@test.com;to-tag=12345;from-tag=54321;early-only", "12asjd8@test.com", "12345", "54321", true)]
    [InlineData("87134@171.161.34.23 ; from-tag=0 ; to-tag=24796", "87134@171.161.34.23", "24796", "0", false)]
    public void TryParse_ExamplesOfTheRfc(string text, string callId, string to, string from, bool earlyOnly)
    {
        Assert.True(SipReplaces.TryParse(text, out var replaces));
        Assert.Equal(new SipReplaces(callId, to, from, earlyOnly), replaces);
        Assert.True(SipReplaces.TryParse(replaces!.ToString(), out var again));
        Assert.Equal(replaces, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(";to-tag=1;from-tag=2")]
    [InlineData("a b;to-tag=1;from-tag=2")]
    [InlineData("a;to-tag=;from-tag=2")]
    [InlineData("a;to-tag=1;from-tag=\"2\"")]
    public void TryParse_Broken_IsFalse(string? text) => Assert.False(SipReplaces.TryParse(text, out _));

    private static string Of(SipCall call) => $"{call.CallId};to-tag={call.LocalTag};from-tag=peer";

    private static string Invite(string replaces, string headers = "") => StackFixture.Request(
        "INVITE", callId: "c2", body: StackFixture.Sdp(), headers: $"Replaces: {replaces}{(headers.Length > 0 ? "\n" + headers : "")}");
}
