namespace VoiceGateway.Sip;

/// <summary>
/// One early dialog of an outgoing call, of which a forked INVITE has several, and its reliable provisional responses (RFC 3262
/// section 4): each is taken once and in order, and acknowledged by PRACK. Runs in the call's mailbox.
/// <code>
///   18x RSeq 7 --> PRACK RAck 7 1 INVITE      18x RSeq 9 --> nothing: 8 is missing, and both will be repeated
///   18x RSeq 8 --> PRACK RAck 8 1 INVITE      18x RSeq 8 --> nothing: the PRACK repeats itself; another only where that one came to nothing
/// </code>
/// </summary>
internal sealed class EarlyDialog(SipStack stack, Mailbox mailbox, SipDialog dialog, OfferAnswerState offers, CSeq invite)
{
    private uint _last;
    private SessionDescription? _answer;
    private bool _isAcknowledging;
    private bool _isAcknowledged;

    public SipDialog Dialog => dialog;

    public OfferAnswerState Offers => offers;

    /// <summary>An answer heard in a response that may be lost; a 2xx without SDP is taken to mean the same.</summary>
    public SessionDescription? Previewed { get; private set; }

    /// <summary>RSeq of a response that is to be acknowledged; null: it is sent but once.</summary>
    public static uint? SequenceOf(SipResponse response) =>
        response.StatusCode is > 100 and < 200 && response.Headers.ListContains(SipHeaderNames.Require, ReliableProvisionals.Extension)
            && SipGrammar.TryParseNumber(SipGrammar.Trim(response.Headers.Get(SipHeaderNames.RSeq)), uint.MaxValue, out var sequence) && sequence > 0
            ? sequence
            : null;

    /// <summary>False: heard before, or out of turn. The first one may have any number.</summary>
    public bool TryTake(uint sequence)
    {
        if (_last != 0 && sequence != _last + 1)
        {
            if (sequence == _last && !_isAcknowledging && !_isAcknowledged)
                SendPrack(); // the peer goes on repeating, so the PRACK has not reached it
            stack.Counters.Increment(sequence == _last ? SipCounter.ResponseRetransmissionsAbsorbed : SipCounter.ProvisionalsOutOfOrder);
            return false;
        }

        _last = sequence;
        _answer = null;
        _isAcknowledged = false;
        return true;
    }

    /// <summary>False: it is none that can be used, or we offered nothing.</summary>
    public bool Preview(SessionDescription answer)
    {
        if (!offers.Preview(answer))
            return false;
        Previewed = answer;
        return true;
    }

    /// <summary>
    /// What a reliable response's session description means, with our answer where it is an offer (RFC 3262 section 5).
    /// False: no session can come of it.
    /// </summary>
    public bool TryNegotiate(SessionDescription session)
    {
        switch (offers.MeaningInResponse())
        {
            case SdpMeaning.Answer:
                return offers.Accept(session);
            case SdpMeaning.Offer:
                offers.Receive(session, OfferCarrier.ReliableProvisional);
                _answer = offers.Answer();
                return _answer is not null;
            default:
                return true;
        }
    }

    public void Acknowledge() => SendPrack();

    private void SendPrack()
    {
        uint sequence = _last;
        var answer = _answer;
        _isAcknowledging = true;
        new OutgoingRequest(stack, mailbox, (response, _) =>
        {
            if (sequence != _last)
                return;
            _isAcknowledging = false;
            _isAcknowledged = response is not null;
        }).Send(dialog, SipMethods.Prack, prack =>
        {
            prack.Headers.Set(SipHeaderNames.RAck, new RAck(sequence, invite).ToString());
            if (answer is not null)
                SdpBody.Put(prack, answer);
        });
    }
}
