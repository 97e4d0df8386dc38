using System.Runtime.CompilerServices;

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
        Served.Deliver(_options);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        Served.Deliver(_options);
        transaction.Respond(_options.CreateResponse(500, toTag: "t"));
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 100 Trying", "SIP/2.0 200 OK", "SIP/2.0 200 OK"], path.Sent);
    }

    [Fact]
    public void TimerJ_OverUdp_Is64T1()
    {
        var (transaction, _) = Begin(isReliable: false);
        transaction.Respond(_options.CreateResponse(200, toTag: "t"));
        _fixture.Time.Advance(31_999);
        Assert.Equal(1, _fixture.Table.Count);
        Assert.True(_fixture.Table.IsMerged(TransactionFixture.Request("OPTIONS", branch: "z9hG4bKother")));
        _fixture.Time.Advance(1);
        Assert.Equal(0, _fixture.Table.Count);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
        Assert.False(_fixture.Table.IsMerged(TransactionFixture.Request("OPTIONS", branch: "z9hG4bKother")));
    }

    [Fact]
    public void Answered_OverUdp_HoldsNeitherRequestNorMailbox()
    {
        var (request, mailbox) = AnswerAndForget();
        GC.Collect();
        Assert.Equal(1, _fixture.Table.Count);
        Assert.False(request.IsAlive);
        Assert.False(mailbox.IsAlive);
    }

    [Fact]
    public void Answered_ManyAtDifferentTimes_EachGoesAfterItsOwn64T1WithOneTimer()
    {
        for (int i = 0; i < 10; i++)
        {
            var request = TransactionFixture.Request("OPTIONS", branch: $"z9hG4bK{i}", cseq: (uint)i + 1);
            var transaction = new NonInviteServerTransaction(request, new RecordingPath(isReliable: false), _fixture.Context, _fixture.NewMailbox());
            Assert.True(_fixture.Table.TryAdd(transaction));
            transaction.Respond(request.CreateResponse(200, toTag: "t"));
            Assert.Equal(1, _fixture.Time.ActiveTimers);
            _fixture.Time.Advance(1000);
        }

        List<int> left = [];
        for (int second = 10; second < 43; second++)
        {
            left.Add(_fixture.Table.Count);
            _fixture.Time.Advance(1000);
        }

        Assert.Equal([.. Enumerable.Repeat(10, 22), 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0], left);
        Assert.Equal(0, _fixture.Time.ActiveTimers);
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

    private IServedRequest Served => _fixture.Table.TryFind(ServerTransactionKey.Of(_options), out var served) ? served : throw new InvalidOperationException("gone");

    // Not inlined: the stack of the test would hold them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Request, WeakReference Mailbox) AnswerAndForget()
    {
        var (request, mailbox) = (TransactionFixture.Request("OPTIONS"), _fixture.NewMailbox());
        var transaction = new NonInviteServerTransaction(request, new RecordingPath(isReliable: false), _fixture.Context, mailbox);
        Assert.True(_fixture.Table.TryAdd(transaction));
        transaction.Respond(request.CreateResponse(200, toTag: "t"));
        return (new WeakReference(request), new WeakReference(mailbox));
    }

    private (NonInviteServerTransaction Transaction, RecordingPath Path) Begin(bool isReliable)
    {
        var path = new RecordingPath(isReliable);
        var transaction = new NonInviteServerTransaction(_options, path, _fixture.Context, _fixture.NewMailbox());
        Assert.True(_fixture.Table.TryAdd(transaction));
        return (transaction, path);
    }
}
