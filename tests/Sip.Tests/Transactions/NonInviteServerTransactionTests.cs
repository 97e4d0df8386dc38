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

    private (NonInviteServerTransaction Transaction, RecordingPath Path) Begin(bool isReliable)
    {
        var path = new RecordingPath(isReliable);
        var transaction = new NonInviteServerTransaction(_options, path, _fixture.Context, _fixture.NewMailbox());
        Assert.True(_fixture.Table.TryAdd(transaction));
        return (transaction, path);
    }
}
