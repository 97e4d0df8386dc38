namespace VoiceGateway.Sip.Tests.Transactions;

public class NonInviteClientTransactionTests
{
    private readonly TransactionFixture _fixture = new();
    private readonly RecordingUser _user = new();
    private readonly SipRequest _bye = TransactionFixture.Request("BYE", toTag: "t");

    [Fact]
    public void TimerE_NoResponseOverUdp_RepeatsDoublingToT2UntilTimerF()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        List<int> repeats = [];
        for (int at = 100; at <= 33_000; at += 100)
        {
            int before = flow.Sent.Count;
            _fixture.Time.Advance(100);
            if (flow.Sent.Count > before)
                repeats.Add(at);
        }

        Assert.Equal([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500], repeats);
        Assert.Equal([ClientFailure.TimedOut], _user.Failures);
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void TimerE_AfterProvisional_IsT2()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        transaction.Receive(_bye.CreateResponse(100));
        _fixture.Time.Advance(500); // the interval under way
        Assert.Equal(2, flow.Sent.Count);
        _fixture.Time.Advance(3999);
        Assert.Equal(2, flow.Sent.Count);
        _fixture.Time.Advance(1);
        Assert.Equal(3, flow.Sent.Count);
        _fixture.Time.Advance(27_500); // timer F goes on running
        Assert.Equal([ClientFailure.TimedOut], _user.Failures);
    }

    [Fact]
    public void TimerK_FinalOverUdp_AbsorbsRepeatsForT4()
    {
        var (transaction, _) = Begin(SipTransportKind.Udp);
        transaction.Receive(_bye.CreateResponse(200));
        transaction.Receive(_bye.CreateResponse(200));
        Assert.Equal([200], _user.Statuses);
        Assert.Equal(1, _fixture.Counters[SipCounter.ResponseRetransmissionsAbsorbed]);
        _fixture.Time.Advance(4999);
        Assert.False(transaction.IsTerminated);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    [Fact]
    public void TimersEAndK_OverTcp_DoNotRun()
    {
        var (transaction, flow) = Begin(SipTransportKind.Tcp);
        _fixture.Time.Advance(20_000);
        Assert.Single(flow.Sent);
        transaction.Receive(_bye.CreateResponse(200));
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    [Fact]
    public void Repeat_BrokenTransport_Fails()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        flow.IsBroken = true;
        _fixture.Time.Advance(500);
        Assert.Equal([ClientFailure.TransportFailed], _user.Failures);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    private (NonInviteClientTransaction Transaction, RecordingFlow Flow) Begin(SipTransportKind kind)
    {
        var flow = new RecordingFlow(kind);
        var transaction = new NonInviteClientTransaction(_bye, flow, _fixture.Context, _fixture.NewMailbox(), _user);
        transaction.Start();
        return (transaction, flow);
    }
}
