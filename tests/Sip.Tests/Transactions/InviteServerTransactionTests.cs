namespace VoiceGateway.Sip.Tests.Transactions;

public class InviteServerTransactionTests
{
    private readonly TransactionFixture _fixture = new();
    private readonly SipRequest _invite = TransactionFixture.Request("INVITE");

    [Fact]
    public void Invite_RepeatedWhileProceeding_GetsTheLastProvisionalAgain()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Respond(_invite.CreateResponse(100));
        transaction.Respond(_invite.CreateResponse(180, toTag: "t"));
        transaction.Receive(_invite);

        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 180 Ringing"], path.Sent);
        Assert.Equal(1, _fixture.Counters[SipCounter.RequestRetransmissionsAbsorbed]);
    }

    [Fact]
    public void Invite_RepeatedBeforeAnyResponse_IsAbsorbed()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Receive(_invite);
        Assert.Empty(path.Sent);
    }

    [Fact]
    public void TimerG_RejectionOverUdp_IsRepeatedAtT1DoublingToT2UntilTimerH()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Respond(_invite.CreateResponse(486, toTag: "t"));
        List<int> repeats = [];
        for (int at = 100; at <= 33_000; at += 100)
        {
            int before = path.Sent.Count;
            _fixture.Time.Advance(100);
            if (path.Sent.Count > before)
                repeats.Add(at);
        }

        Assert.Equal([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500], repeats);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(1, _fixture.Counters[SipCounter.FinalResponsesUnacknowledged]);
        Assert.Equal(0, _fixture.Table.Count);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    [Fact]
    public void TimerG_RejectionOverTcp_IsNotRepeated()
    {
        var (transaction, path) = Begin(isReliable: true);
        transaction.Respond(_invite.CreateResponse(486, toTag: "t"));
        _fixture.Time.Advance(31_999);
        Assert.Single(path.Sent);
        Assert.False(transaction.IsTerminated);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void Invite_RepeatedWhileCompleted_GetsTheFinalResponseAgain()
    {
        var (transaction, path) = Begin(isReliable: true);
        transaction.Respond(_invite.CreateResponse(486, toTag: "t"));
        transaction.Receive(_invite);
        Assert.Equal(2, path.Sent.Count);
    }

    [Fact]
    public void TimerI_AckOverUdp_AbsorbsFurtherAcksForT4()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Respond(_invite.CreateResponse(486, toTag: "t"));
        transaction.Receive(TransactionFixture.Request("ACK"));
        Assert.Equal(InviteServerState.Confirmed, transaction.State);
        transaction.Receive(TransactionFixture.Request("ACK"));
        transaction.Receive(_invite);
        _fixture.Time.Advance(4999);
        Assert.False(transaction.IsTerminated);
        Assert.Single(path.Sent);
        _fixture.Time.Advance(1);
        Assert.True(transaction.IsTerminated);
        Assert.Equal(0, _fixture.Counters[SipCounter.FinalResponsesUnacknowledged]);
    }

    [Fact]
    public void TimerI_AckOverTcp_EndsAtOnce()
    {
        var (transaction, _) = Begin(isReliable: true);
        transaction.Respond(_invite.CreateResponse(486, toTag: "t"));
        transaction.Receive(TransactionFixture.Request("ACK"));
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void TimerL_After2xx_AbsorbsInvitesAndPassesAcksFor64T1()
    {
        var (transaction, path) = Begin(isReliable: false);
        List<string> acks = [];
        transaction.AcknowledgedAfter2xx = ack => acks.Add(ack.Method);
        transaction.Respond(_invite.CreateResponse(200, toTag: "t"));
        transaction.Receive(_invite);
        transaction.Receive(TransactionFixture.Request("ACK"));
        Assert.Equal(InviteServerState.Accepted, transaction.State);
        Assert.Single(path.Sent); // the 2xx repeats come from the dialog
        Assert.Single(acks);
        transaction.Respond(_invite.CreateResponse(200, toTag: "t"));
        Assert.Equal(2, path.Sent.Count);
        _fixture.Time.Advance(32_000);
        Assert.True(transaction.IsTerminated);
    }

    [Fact]
    public void TimerL_Acknowledged_AbsorbsInvitesInSilenceFor64T1SinceThe2xx()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.LocalTag = "t";
        transaction.Respond(_invite.CreateResponse(200, toTag: "t"));
        _fixture.Time.Advance(2000);
        transaction.Acknowledged();
        Assert.True(_fixture.Table.TryFind(ServerTransactionKey.Of(_invite), out var served));
        Assert.Equal(("t", 200), (served.LocalTag, served.LastStatus));
        served.Deliver(_invite);
        served.Deliver(TransactionFixture.Request("ACK"));
        Assert.Single(path.Sent);
        Assert.Equal(2, _fixture.Counters[SipCounter.RequestRetransmissionsAbsorbed]);
        _fixture.Time.Advance(29_999);
        Assert.Equal(1, _fixture.Table.Count);
        _fixture.Time.Advance(1);
        Assert.Equal(0, _fixture.Table.Count);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
    }

    [Fact]
    public void TimerL_AcknowledgedWhenItsTimeIsUp_IsGoneAtOnce()
    {
        var table = new TransactionTable();
        var context = _fixture.Context with { Table = table };
        var transaction = new InviteServerTransaction(_invite, new RecordingPath(isReliable: false), context, _fixture.NewMailbox());
        Assert.True(table.TryAdd(transaction));
        context.Answered.Keep(new AnsweredRequest(transaction.Key, null, 200, "t", [], new RecordingPath(isReliable: false), context), TimeSpan.FromMilliseconds(-5));
        Assert.Equal(0, _fixture.Time.ActiveTimers);
        context.TerminateAll();
        transaction.Respond(_invite.CreateResponse(200, toTag: "t"));
        transaction.Acknowledged();
        Assert.Equal((0, 0), (table.Count, _fixture.Time.ActiveTimers));
    }

    [Fact]
    public void Respond_AfterFinal_IsIgnored()
    {
        var (transaction, path) = Begin(isReliable: false);
        transaction.Respond(_invite.CreateResponse(486, toTag: "t"));
        transaction.Respond(_invite.CreateResponse(200, toTag: "t"));
        transaction.Respond(_invite.CreateResponse(180, toTag: "t"));
        Assert.Single(path.Sent);
    }

    [Fact]
    public void Ack_BeforeAnyFinalResponse_IsCountedAndIgnored()
    {
        var (transaction, _) = Begin(isReliable: false);
        transaction.Receive(TransactionFixture.Request("ACK"));
        Assert.Equal(InviteServerState.Proceeding, transaction.State);
        Assert.Equal(1, _fixture.Counters[SipCounter.AcksUnmatched]);
    }

    private (InviteServerTransaction Transaction, RecordingPath Path) Begin(bool isReliable)
    {
        var path = new RecordingPath(isReliable);
        var transaction = new InviteServerTransaction(_invite, path, _fixture.Context, _fixture.NewMailbox());
        Assert.True(_fixture.Table.TryAdd(transaction));
        return (transaction, path);
    }
}
