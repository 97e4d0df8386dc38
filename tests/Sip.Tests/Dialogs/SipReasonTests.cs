namespace VoiceGateway.Sip.Tests.Dialogs;

public class SipReasonTests
{
    /// <summary>The examples of RFC 3326 section 2.</summary>
    [Theory]
    [InlineData("SIP ;cause=200 ;text=\"Call completed elsewhere\"", "SIP", 200, "Call completed elsewhere")]
    [InlineData("Q.850 ;cause=16 ;text=\"Terminated\"", "Q.850", 16, "Terminated")]
    [InlineData("SIP ;cause=600 ;text=\"Busy Everywhere\"", "SIP", 600, "Busy Everywhere")]
    [InlineData("SIP ;cause=580 ;text=\"Precondition Failure\"", "SIP", 580, "Precondition Failure")]
    [InlineData("preemption;cause=1;text=\"UA \\\"Preemption\\\", first\"", "preemption", 1, "UA \"Preemption\", first")]
    [InlineData("SIP", "SIP", null, null)]
    [InlineData("SIP;cause=soon", "SIP", null, null)]
    public void Examples_AreRead(string header, string protocol, int? cause, string? text)
    {
        var reason = Assert.Single(SipReason.ParseAll(header));
        Assert.Equal(new SipReason(protocol, cause, text), reason);
        Assert.Equal(reason, Assert.Single(SipReason.ParseAll(reason.ToString())));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData(";cause=1", 0)]
    [InlineData("a b;cause=1", 0)]
    [InlineData("SIP;cause=200, x;text=\"open", 1)]
    [InlineData("SIP;cause=200, Q.850;cause=16", 2)]
    [InlineData("x y, Q.850;cause=16,", 1)]
    public void Lists_AreReadAsFarAsTheyGo(string? header, int count) => Assert.Equal(count, SipReason.ParseAll(header).Count);

    [Fact]
    public async Task Bye_WithTwoReasons_BothAreInTheCallsEnd()
    {
        await using var fixture = new StackFixture();
        var call = fixture.Establish();
        fixture.Send(StackFixture.Request("BYE", cseq: 2, toTag: call.LocalTag, headers: "Reason: Q.850;cause=16;text=\"Normal\"\nReason: SIP;cause=200"));
        var end = await call.Completion;
        Assert.Equal(["Q.850", "SIP"], end.Reasons.Select(reason => reason.Protocol));
        Assert.Equal(16, end.Reasons[0].Cause);
    }

    [Fact]
    public async Task Cancel_WithReason_IsInTheCallsEnd()
    {
        await using var fixture = new StackFixture();
        fixture.Send(StackFixture.Request("INVITE", body: StackFixture.Sdp()));
        fixture.Send(StackFixture.Request("CANCEL", headers: "Reason: SIP;cause=200;text=\"Call completed elsewhere\""));
        Assert.Equal("Call completed elsewhere", (await fixture.Call.Completion).Reasons[0].Text);
    }
}
