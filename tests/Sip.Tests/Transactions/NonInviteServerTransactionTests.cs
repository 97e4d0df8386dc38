namespace VoiceGateway.Sip.Tests.Transactions;

public class NonInviteServerTransactionTests
{
    private readonly TransactionFixture _fixture = new();
    private readonly SipRequest _options = TransactionFixture.Request("OPTIONS");

    [Fact]
    public void Request_RepeatedWhileTrying_IsAbsorbedInSilence()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Receive(_options);
        Assert.Empty(path.Sent);
    }

    [Fact]
    public void Request_RepeatedWhileProceedingOrCompleted_GetsTheLastResponseAgain()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Respond(_options.CreateResponse(100));
        transaction.Receive(_options);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        transaction.Receive(_options);
        transaction.Respond(_options.CreateResponse(500, toTag: "t"));
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 100 Trying", "SIP/2.0 200 OK", "SIP/2.0 200 OK"], path.Sent);
    }

    [Fact]
    public void TimerJ_OverUdp_Is64T1()
    {
        var (transaction, _) = Begin(isReliable: false);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        _fixture.Time.Advance(31_999);
        Assert.False(transaction.IsTerminated);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Table.Count);
    }

    [Fact]
    public void TimerJ_OverTcp_IsZero()
    {
        var (transaction, _) = Begin(isReliable: true);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    // RFC 4320 section 4.

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Answer_TakesTime_100GoesOutWhenTimerEHasReachedT2(bool isReliable)
    {
        var (transaction, path) = Begin(isReliable);
        transaction.AwaitAnswer();
        _fixture.Time.Advance(3499);
        Assert.Empty(path.Sent);
        _fixture.Time.Advance(1);
        Assert.Equal(["SIP/2.0 100 Trying"], path.Sent);
        transaction.Respond(_options.CreateResponse(202, toTag: "t"));
        Assert.Equal("SIP/2.0 202 Accepted", path.Sent[^1]);
    }

    [Fact]
    public void Answer_AtOnce_NeedsNoTimer()
    {
        var (transaction, _) = Begin(isReliable: true);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        transaction.AwaitAnswer();
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    [Fact]
    public void Answer_Never_TheTransactionEndsInSilence()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.AwaitAnswer();
        _fixture.Time.Advance(31_999);
        Assert.False(transaction.IsTerminated);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(["SIP/2.0 100 Trying"], path.Sent);
        Assert.Equal(0, _fixture.Table.Count);
    }

    [Fact]
    public void Answer_After64T1_IsNotSent()
    {
        var (transaction, path) = Begin(isReliable: false);
        _fixture.Time.Advance(32_000);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        Assert.Empty(path.Sent);
        Assert.Equal(1, _fixture.Counters[SipCounter.LateResponsesDropped]);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void Answer_408_IsNotSentButTheRepeatsAreAbsorbed()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Respond(_options.CreateResponse(408, toTag: "t"));
        transaction.Receive(_options);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        Assert.Empty(path.Sent);
        Assert.Equal(1, _fixture.Table.Count);
        _fixture.Time.Advance(32_000);
        Assert.Equal(0, _fixture.Table.Count);
    }

    private (NonInviteServerTransaction Transaction, RecordingPath Path) Begin(bool isReliable)
    {
        var path = new RecordingPath(isReliable);
        var transaction = new NonInviteServerTransaction(_options, path, _fixture.Context, _fixture.NewMailbox());
        Assert.True(_fixture.Table.TryAdd(transaction));
        return (transaction, path);
    }
}
