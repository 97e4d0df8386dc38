namespace VoiceGateway.Sip.Tests.Transactions;

public class InviteClientTransactionTests
{
    private readonly TransactionFixture _fixture = new();
    private readonly RecordingUser _user = new();
    private readonly SipRequest _invite = TransactionFixture.Request("INVITE");

    [Fact]
    public void TimerA_NoResponseOverUdp_RepeatsDoublingUntilTimerB()
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

        Assert.Equal([500, 1500, 3500, 7500, 15_500, 31_500], repeats);
        Assert.Equal([ClientFailure.TimedOut], _user.Failures);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
        Assert.Equal(1, _fixture.Counters[SipCounter.ClientTransactionsTimedOut]);
    }

    [Fact]
    public void TimerA_OverTcp_DoesNotRun()
    {
        var (_, flow) = Begin(SipTransportKind.Tcp);
        _fixture.Time.Advance(31_999);
        Assert.Single(flow.Sent);
        Assert.Empty(_user.Failures);
        _fixture.Time.Advance(1);
        Assert.Equal([ClientFailure.TimedOut], _user.Failures);
    }

    [Fact]
    public void Provisional_StopsRepeatsAndTimerB()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        transaction.Receive(_invite.CreateResponse(180, toTag: "t"));
        transaction.Receive(_invite.CreateResponse(183, toTag: "t"));
        _fixture.Time.Advance(300_000);
        Assert.Single(flow.Sent);
        Assert.Equal([180, 183], _user.Statuses);
        Assert.Empty(_user.Failures);
        Assert.Equal(InviteClientState.Proceeding, transaction.State);
    }

    [Fact]
    public void TimerD_RejectionOverUdp_IsAcknowledgedEveryTimeFor32Seconds()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        transaction.Receive(_invite.CreateResponse(486, toTag: "t"));
        transaction.Receive(_invite.CreateResponse(486, toTag: "t"));
        Assert.Equal(["INVITE", "ACK", "ACK"], flow.Methods);
        Assert.Equal([486], _user.Statuses);
        _fixture.Time.Advance(31_999);
        Assert.False(transaction.IsTerminated);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void Ack_OfRejection_HasTheInvitesBranchAndTheResponsesTo()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        transaction.Receive(_invite.CreateResponse(486, toTag: "their-tag"));
        var ack = (SipRequest)TransactionFixture.Parse(flow.Sent[1]);
        Assert.Equal(_invite.TopVia.ToString(), ack.TopVia.ToString());
        Assert.Single(ack.Vias);
        Assert.Equal("their-tag", ack.To.Tag);
        Assert.Equal(new CSeq(1, "ACK"), ack.CSeq);
    }

    [Fact]
    public void TimerD_OverTcp_IsZero()
    {
        var (transaction, flow) = Begin(SipTransportKind.Tcp);
        transaction.Receive(_invite.CreateResponse(603, toTag: "t"));
        Assert.Equal(["INVITE", "ACK"], flow.Methods);
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void TimerM_After2xx_PassesFurther2xxFor64T1AndSendsNoAck()
    {
        var (transaction, flow) = Begin(SipTransportKind.Udp);
        transaction.Receive(_invite.CreateResponse(200, toTag: "a"));
        transaction.Receive(_invite.CreateResponse(200, toTag: "b"));
        transaction.Receive(_invite.CreateResponse(486, toTag: "c"));
        Assert.Equal([200, 200], _user.Statuses);
        Assert.Equal(["INVITE"], flow.Methods);
        Assert.Equal(1, _fixture.Counters[SipCounter.ResponseRetransmissionsAbsorbed]);
        _fixture.Time.Advance(32_000);
        Assert.True(transaction.IsTerminated);
        Assert.Empty(_user.Failures);
    }

    [Fact]
    public void Start_BrokenTransport_FailsAtOnce()
    {
        var (transaction, _) = Begin(SipTransportKind.Udp, isBroken: true);
        Assert.Equal([ClientFailure.TransportFailed], _user.Failures);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
        Assert.Equal(0, _fixture.Table.Count);
    }

    [Fact]
    public void Abort_OpenTransaction_TellsTheUser()
    {
        var (transaction, _) = Begin(SipTransportKind.Udp);
        transaction.Abort();
        Assert.Equal([ClientFailure.TransportFailed], _user.Failures);
    }

    [Fact]
    public void Abort_AnsweredTransaction_TellsNobody()
    {
        var (transaction, _) = Begin(SipTransportKind.Udp);
        transaction.Receive(_invite.CreateResponse(200, toTag: "a"));
        transaction.Abort();
        Assert.Empty(_user.Failures);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    private (InviteClientTransaction Transaction, RecordingFlow Flow) Begin(SipTransportKind kind, bool isBroken = false)
    {
        var flow = new RecordingFlow(kind) { IsBroken = isBroken };
        var transaction = new InviteClientTransaction(_invite, flow, _fixture.Context, _fixture.NewMailbox(), _user);
        transaction.Start();
        return (transaction, flow);
    }
}
