namespace VoiceGateway.Sip.Tests.Transactions;

public class TransactionMatchingTests
{
    [Fact]
    public void ServerKey_AckOnTheSameBranch_MatchesItsInvite() =>
        Assert.Equal(ServerTransactionKey.Of(TransactionFixture.Request("INVITE")), ServerTransactionKey.Of(TransactionFixture.Request("ACK", toTag: "t")));

    [Fact]
    public void ServerKey_CancelOnTheSameBranch_FindsItsInviteAndIsATransactionOfItsOwn()
    {
        var invite = ServerTransactionKey.Of(TransactionFixture.Request("INVITE"));
        var cancel = TransactionFixture.Request("CANCEL");
        Assert.Equal(invite, ServerTransactionKey.OfCancelled(cancel));
        Assert.NotEqual(invite, ServerTransactionKey.Of(cancel));
    }

    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.3:5060")] // another host
    [InlineData("SIP/2.0/UDP 192.0.2.2:5061")] // another port
    [InlineData("SIP/2.0/UDP 192.0.2.2")]
    public void ServerKey_SameBranchFromAnotherSentBy_Differs(string via) =>
        Assert.NotEqual(ServerTransactionKey.Of(TransactionFixture.Request("INVITE")), ServerTransactionKey.Of(TransactionFixture.Request("INVITE", via: via)));

    [Fact]
    public void ServerKey_Rfc2543AckWithToTag_MatchesItsInvite() =>
        Assert.Equal(
            ServerTransactionKey.Of(TransactionFixture.Request("INVITE", branch: "old")),
            ServerTransactionKey.Of(TransactionFixture.Request("ACK", branch: "old", toTag: "t")));

    [Fact]
    public void ServerKey_Rfc2543WithAnotherSequence_Differs() =>
        Assert.NotEqual(
            ServerTransactionKey.Of(TransactionFixture.Request("INVITE", branch: "old")),
            ServerTransactionKey.Of(TransactionFixture.Request("INVITE", branch: "old", cseq: 2)));

    [Fact]
    public void ServerKey_BareMagicCookie_IsMatchedTheOldWay() => // RFC 4475 section 3.2.1
        Assert.NotEqual(
            ServerTransactionKey.Of(TransactionFixture.Request("OPTIONS", branch: "z9hG4bK", cseq: 1)),
            ServerTransactionKey.Of(TransactionFixture.Request("OPTIONS", branch: "z9hG4bK", cseq: 2)));

    [Fact]
    public void ClientKey_ResponseToCancel_DoesNotMatchTheInvite()
    {
        var invite = TransactionFixture.Request("INVITE");
        var cancel = invite.CreateCancel();
        Assert.Equal(ClientTransactionKey.Of(invite), ClientTransactionKey.Of(invite.CreateResponse(487)));
        Assert.NotEqual(ClientTransactionKey.Of(invite), ClientTransactionKey.Of(cancel.CreateResponse(200)));
    }

    [Fact]
    public void Table_SameRequestUnderAnotherBranch_IsMerged()
    {
        var fixture = new TransactionFixture();
        var first = new NonInviteServerTransaction(TransactionFixture.Request("OPTIONS"), new RecordingPath(false), fixture.Context, fixture.NewMailbox());
        Assert.True(fixture.Table.TryAdd(first));
        Assert.True(fixture.Table.IsMerged(TransactionFixture.Request("OPTIONS", branch: "z9hG4bKother")));
        Assert.False(fixture.Table.IsMerged(TransactionFixture.Request("OPTIONS", branch: "z9hG4bKother", cseq: 2)));
        Assert.False(fixture.Table.IsMerged(TransactionFixture.Request("OPTIONS", branch: "z9hG4bKother", toTag: "within")));
        first.Terminate();
        Assert.False(fixture.Table.IsMerged(TransactionFixture.Request("OPTIONS", branch: "z9hG4bKother")));
    }

    [Fact]
    public void Table_SameRequestTwice_IsAddedOnce()
    {
        var fixture = new TransactionFixture();
        Assert.True(fixture.Table.TryAdd(New()));
        Assert.False(fixture.Table.TryAdd(New()));
        Assert.Equal(1, fixture.Table.Count);

        NonInviteServerTransaction New() => new(TransactionFixture.Request("OPTIONS"), new RecordingPath(false), fixture.Context, fixture.NewMailbox());
    }
}
