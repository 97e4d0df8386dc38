namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>The six patterns of RFC 6337 section 2.2, and what may not happen between them.</summary>
public class OfferAnswerStateTests
{
    private readonly TestNegotiator _negotiator = new();
    private readonly SessionDescription _theirs = TestNegotiator.Sdp(MediaDirection.RecvOnly);

    [Fact]
    public void Pattern1And3_OurInvite_IsAnsweredByTheFirstReliableResponse()
    {
        var offers = OfferAnswerState.OfOurInvite(_negotiator, TestNegotiator.Sdp());
        Assert.Equal(SdpMeaning.Answer, offers.MeaningInResponse());
        Assert.Equal(491, offers.Conflict);
        Assert.True(offers.Preview(_theirs)); // in an unreliable 183: the answer is still due
        Assert.Equal(SdpMeaning.Answer, offers.MeaningInResponse());
        Assert.True(offers.Accept(_theirs));
        Assert.True(offers.HasAgreed);
        Assert.Null(offers.Conflict);
        Assert.Equal(SdpMeaning.Repeat, offers.MeaningInResponse());
        Assert.Equal(["accept RecvOnly", "accept RecvOnly"], _negotiator.Log);
    }

    [Theory]
    [InlineData((int)OfferCarrier.Success)] // pattern 2: our answer in ACK
    [InlineData((int)OfferCarrier.ReliableProvisional)] // pattern 4: in PRACK
    public void Pattern2And4_OurInviteWithoutOffer_IsGivenOne(int carrier)
    {
        var offers = OfferAnswerState.OfOurInvite(_negotiator, null);
        Assert.Equal(SdpMeaning.Offer, offers.MeaningInResponse());
        offers.Receive(_theirs, (OfferCarrier)carrier);
        Assert.Equal(500, offers.Conflict);
        Assert.NotNull(offers.Answer());
        Assert.True(offers.HasAgreed);
        Assert.Same(_theirs, offers.Remote);
        Assert.Equal(SdpMeaning.Repeat, offers.MeaningInResponse());
    }

    [Fact]
    public void Pattern5And6_Offer_OnlyAfterTheFirstExchange()
    {
        var offers = OfferAnswerState.OfOurInvite(_negotiator, TestNegotiator.Sdp());
        Assert.False(offers.CanOffer);
        offers.Accept(_theirs);
        Assert.True(offers.CanOffer);
        offers.Offer(OfferCarrier.Update);
        Assert.False(offers.CanOffer);
        Assert.Equal(491, offers.Conflict);
        Assert.True(offers.Accept(_theirs));
        Assert.True(offers.CanOffer);
    }

    [Fact]
    public void Forks_HaveAnswersOfTheirOwn()
    {
        var offer = TestNegotiator.Sdp();
        var one = OfferAnswerState.OfOurInvite(_negotiator, offer);
        var other = OfferAnswerState.OfOurInvite(_negotiator, offer);
        one.Accept(_theirs);
        Assert.Equal(SdpMeaning.Answer, other.MeaningInResponse());
    }

    [Fact]
    public void Withdraw_LeavesTheSessionAndTheNextUnchangedOfferIsANewOne()
    {
        var offers = Agreed();
        var local = offers.Local;
        Assert.Same(local, offers.OfferUnchanged(OfferCarrier.Invite));
        offers.Withdraw();
        Assert.Same(local, offers.OfferUnchanged(OfferCarrier.Invite)); // an unchanged one that failed has moved no version
        offers.Withdraw();
        offers.Offer(OfferCarrier.Invite);
        offers.Withdraw();
        Assert.Same(local, offers.Local);
        Assert.Null(offers.Conflict);
        _negotiator.Log.Clear();
        offers.OfferUnchanged(OfferCarrier.Invite);
        Assert.Equal(["offer"], _negotiator.Log);
    }

    [Fact]
    public void OfferUnchanged_AnsweredAsBefore_IsNoNews()
    {
        var offers = Agreed();
        offers.OfferUnchanged(OfferCarrier.Invite);
        Assert.True(offers.Accept(TestNegotiator.Sdp(MediaDirection.RecvOnly)));
        Assert.Empty(_negotiator.Log);
        offers.OfferUnchanged(OfferCarrier.Invite);
        Assert.True(offers.Accept(TestNegotiator.Sdp(MediaDirection.Inactive))); // the same o= line, but another text: news
        Assert.Equal(["accept Inactive"], _negotiator.Log);
    }

    [Fact]
    public void Accept_Unusable_ClosesTheOfferAndKeepsTheSession()
    {
        var offers = Agreed();
        offers.Offer(OfferCarrier.Update);
        _negotiator.Refuses = true;
        Assert.False(offers.Accept(TestNegotiator.Sdp(MediaDirection.Inactive)));
        Assert.Null(offers.Conflict);
        Assert.Same(_theirs, offers.Remote);
        Assert.False(offers.Accept(_theirs)); // nothing is open
    }

    [Fact]
    public void Answer_Refused_ClosesTheOfferAndKeepsTheSession()
    {
        var offers = Agreed();
        _negotiator.Refuses = true;
        offers.Receive(TestNegotiator.Sdp(), OfferCarrier.Update);
        Assert.Null(offers.Answer());
        Assert.Equal(OpenOffer.None, offers.Open);
        Assert.Same(_theirs, offers.Remote);
    }

    private OfferAnswerState Agreed()
    {
        var offers = OfferAnswerState.OfOurInvite(_negotiator, TestNegotiator.Sdp());
        offers.Accept(_theirs);
        _negotiator.Log.Clear();
        return offers;
    }
}
