using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Calls;

public sealed class CallTransferTests
{
    [Fact]
    public async Task Run_OtherSideAnswers_IsConnectedAndTheCallMayEnd()
    {
        await using var pair = await TransferPair.TalkingAsync();
        var running = pair.Transfer().RunAsync(new TransferRequest("200"));
        await pair.ReferArrivesAsync();
        Assert.Equal($"<sip:200@127.0.0.1:{pair.CallerPort}>", pair.ReferTargets[0]);
        await pair.ReportAsync("100 Trying");
        await pair.ReportAsync("180 Ringing");
        Assert.False(running.IsCompleted);
        Assert.Equal(0, pair.MovedOn);
        await pair.ReportAsync("200 OK", last: true);
        var outcome = await running;
        Assert.Equal((TransferStatus.Connected, 200), (outcome.Status, outcome.SipStatusCode));
        await TransferPair.Until(() => pair.MovedOn == 1);
    }

    [Theory]
    [InlineData("486 Busy Here", TransferStatus.Busy)]
    [InlineData("480 Temporarily Unavailable", TransferStatus.NoAnswer)]
    [InlineData("603 Decline", TransferStatus.Declined)]
    [InlineData("404 Not Found", TransferStatus.UnknownTarget)]
    [InlineData("503 Service Unavailable", TransferStatus.Failed)]
    public async Task Run_OtherSideDoesNotAnswer_CallerStays(string report, TransferStatus expected)
    {
        await using var pair = await TransferPair.TalkingAsync();
        var running = pair.Transfer().RunAsync(new TransferRequest("200"));
        await pair.ReferArrivesAsync();
        await pair.ReportAsync(report, last: true);
        Assert.Equal(expected, (await running).Status);
        Assert.Equal((SipCallState.Established, 0), (pair.Ours.State, pair.MovedOn));
    }

    [Theory]
    [InlineData(405, TransferStatus.NotSupported)]
    [InlineData(501, TransferStatus.NotSupported)]
    [InlineData(603, TransferStatus.Declined)]
    public async Task Run_CallersSideRefuses_CallerStays(int status, TransferStatus expected)
    {
        await using var pair = await TransferPair.TalkingAsync();
        pair.ReferAnswer = status;
        var outcome = await pair.Transfer().RunAsync(new TransferRequest("200"));
        Assert.Equal((expected, status), (outcome.Status, outcome.SipStatusCode));
        Assert.Equal(SipCallState.Established, pair.Ours.State);
    }

    [Fact]
    public async Task Run_NothingIsReported_FailsInTimeAndALateSuccessIsStillOne()
    {
        await using var pair = await TransferPair.TalkingAsync();
        var transfer = pair.Transfer();
        var running = transfer.RunAsync(new TransferRequest("200"));
        await pair.ReferArrivesAsync();
        await TransferPair.Until(() => pair.Time.Armed > 0);
        Assert.True(transfer.IsUnderWay);
        pair.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(running.IsCompleted);
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TransferStatus.Failed, (await running).Status);
        Assert.False(transfer.IsUnderWay);
        Assert.Equal(0, pair.MovedOn);
        await pair.ReportAsync("200 OK", last: true);
        await TransferPair.Until(() => pair.MovedOn == 1);
    }

    [Fact]
    public async Task Run_ItRingsForTooLong_NobodyAnswered()
    {
        await using var pair = await TransferPair.TalkingAsync();
        var running = pair.Transfer().RunAsync(new TransferRequest("200") { RingTimeout = TimeSpan.FromSeconds(5) });
        await pair.ReferArrivesAsync();
        await pair.ReportAsync("180 Ringing");
        await TransferPair.Until(() => pair.Time.Armed > 0);
        pair.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TransferStatus.NoAnswer, (await running).Status);
    }

    [Fact]
    public async Task Run_CallerHangsUpMeanwhile_IsGone()
    {
        await using var pair = await TransferPair.TalkingAsync();
        var running = pair.Transfer().RunAsync(new TransferRequest("200"));
        await pair.ReferArrivesAsync();
        await pair.Theirs.HangUpAsync();
        Assert.Equal(TransferStatus.CallerGone, (await running).Status);
        Assert.Equal(TransferStatus.CallerGone, (await pair.Transfer().RunAsync(new TransferRequest("200"))).Status);
    }

    [Fact]
    public async Task Run_AnotherIsUnderWay_IsNotStarted()
    {
        await using var pair = await TransferPair.TalkingAsync();
        var transfer = pair.Transfer();
        var first = transfer.RunAsync(new TransferRequest("200"));
        await pair.ReferArrivesAsync();
        Assert.Equal(TransferStatus.Failed, (await transfer.RunAsync(new TransferRequest("201"))).Status);
        await pair.ReportAsync("486 Busy Here", last: true);
        await first;
        var second = transfer.RunAsync(new TransferRequest("201"));
        await pair.ReferArrivesAsync(2);
        await pair.Theirs.HangUpAsync();
        await second;
    }

    [Theory]
    [InlineData("+4930123456")]
    [InlineData("3000")]
    [InlineData("sip:200@elsewhere.example")]
    [InlineData("sip:200@127.0.0.1;method=BYE")]
    [InlineData("not a number")]
    public async Task Run_TargetThatNobodyAllowed_NothingIsSent(string target)
    {
        await using var pair = await TransferPair.TalkingAsync();
        Assert.Equal(TransferStatus.UnknownTarget, (await pair.Transfer().RunAsync(new TransferRequest(target))).Status);
        Assert.Empty(pair.ReferTargets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3-00")]
    public async Task Run_TheAgentsHuman_IsAlwaysAllowed(string target)
    {
        await using var pair = await TransferPair.TalkingAsync();
        pair.ReferAnswer = 603;
        pair.Options.TransferTargets = [];
        pair.Options.TransferDomain = "pbx.example:5070";
        await pair.Transfer().RunAsync(new TransferRequest(target));
        Assert.Equal("<sip:300@pbx.example:5070>", Assert.Single(pair.ReferTargets));
    }

    [Fact]
    public async Task Run_NoHumanAndNoTarget_IsUnknown()
    {
        await using var pair = await TransferPair.TalkingAsync();
        Assert.Equal(TransferStatus.UnknownTarget, (await pair.Transfer(human: null).RunAsync(new TransferRequest(""))).Status);
    }

    [Fact]
    public async Task Run_GivenUpByTheModel_TransferGoesOn()
    {
        await using var pair = await TransferPair.TalkingAsync();
        using var withdrawn = new CancellationTokenSource();
        var running = pair.Transfer().RunAsync(new TransferRequest("200"), withdrawn.Token);
        await pair.ReferArrivesAsync();
        await withdrawn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await pair.ReportAsync("200 OK", last: true);
        await TransferPair.Until(() => pair.MovedOn == 1);
    }

    [Fact]
    public async Task ToHuman_WhileItRings_Is302()
    {
        await using var pair = await TransferPair.RingingAsync();
        Assert.True(await pair.Transfer().ToHumanAsync(answer: null));
        var result = await pair.Calling;
        Assert.Equal(302, result.StatusCode);
        Assert.Equal($"<sip:300@127.0.0.1:{pair.CallerPort}>", result.Response!.Contact!.ToString());
    }

    [Fact]
    public async Task ToHuman_WhileItRingsByRefer_IsAnsweredFirst()
    {
        await using var pair = await TransferPair.RingingAsync();
        pair.Options.OverflowBy = OverflowBy.Refer;
        Assert.False(await pair.Transfer().ToHumanAsync(answer: null));
        var going = pair.Transfer().ToHumanAsync(pair.AnswerAsync);
        await pair.ReferArrivesAsync();
        await pair.ReportAsync("200 OK", last: true);
        Assert.True(await going);
    }

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("486 Busy Here", false)]
    public async Task ToHuman_InTheMiddleOfACall_IsByRefer(string report, bool expected)
    {
        await using var pair = await TransferPair.TalkingAsync();
        var going = pair.Transfer().ToHumanAsync(answer: null);
        await pair.ReferArrivesAsync();
        await pair.ReportAsync(report, last: true);
        Assert.Equal(expected, await going);
    }

    [Fact]
    public async Task ToHuman_NobodyIsNamed_CallerIsLeftAlone()
    {
        await using var pair = await TransferPair.RingingAsync();
        Assert.False(await pair.Transfer(human: null).ToHumanAsync(pair.AnswerAsync));
        Assert.Equal(SipCallState.Ringing, pair.Ours.State);
    }
}
