namespace VoiceGateway.Sip;

/// <summary>
/// Offer/answer of one dialog, or of one early dialog of a forked INVITE: whose offer is open, in which message its answer has to
/// come, and what was agreed last. One place for INVITE, PRACK, UPDATE and re-INVITE, so that one never overtakes another
/// (RFC 3261 sections 13.2.1 and 14, RFC 3262 section 5, RFC 3311 section 5, RFC 6337). Used in the call's mailbox.
/// <code>
///   None --Offer--> Ours --Accept, Withdraw--> None
///   None --Receive--> Theirs --Answer--> None
/// </code>
/// </summary>
internal sealed class OfferAnswerState(ISessionNegotiator? negotiator = null)
{
    private SessionDescription? _open;
    private bool _wasWithdrawn;

    /// <summary>Null for an incoming call that the application has not decided on: then nothing can be offered or answered.</summary>
    public ISessionNegotiator? Negotiator { get; set; } = negotiator;

    public OpenOffer Open { get; private set; }

    /// <summary>Where the open offer stands; of no meaning when none is open.</summary>
    public OfferCarrier Carrier { get; private set; }

    /// <summary>Whether there is a session: an offer was answered, in a message that cannot be lost.</summary>
    public bool HasAgreed { get; private set; }

    /// <summary>Our side of the session as last agreed.</summary>
    public SessionDescription? Local { get; private set; }

    /// <summary>The peer's side of the session as last agreed.</summary>
    public SessionDescription? Remote { get; private set; }

    /// <summary>
    /// The status that refuses an offer of the peer now: 491 while ours is open, 500 (with Retry-After of 0 to 10 s) while an earlier
    /// one of the peer is; null: it is welcome (RFC 3261 section 14.2, RFC 3311 section 5.2).
    /// </summary>
    public int? Conflict => Open switch
    {
        OpenOffer.Ours => 491,
        OpenOffer.Theirs => 500,
        _ => null,
    };

    /// <summary>Whether our offer may go out in a request within the dialog (RFC 3311 section 5.1: after the first exchange only).</summary>
    public bool CanOffer => Open == OpenOffer.None && HasAgreed && Negotiator is not null;

    /// <summary>
    /// The state of a further early dialog of the same INVITE: nothing agreed, the INVITE's offer open if it had one. Its To tag
    /// makes it another dialog with an answer of its own (RFC 3261 section 13.2.2.4).
    /// </summary>
    public static OfferAnswerState OfOurInvite(ISessionNegotiator negotiator, SessionDescription? offer)
    {
        var state = new OfferAnswerState(negotiator);
        if (offer is not null)
            state.Begin(OpenOffer.Ours, OfferCarrier.Invite, offer);
        return state;
    }

    /// <summary>Our offer, to be sent in this message. Its answer goes to <see cref="Accept"/>, its failure to <see cref="Withdraw"/>.</summary>
    public SessionDescription Offer(OfferCarrier carrier)
    {
        var offer = Negotiator!.CreateOffer();
        Begin(OpenOffer.Ours, carrier, offer);
        return offer;
    }

    /// <summary>
    /// What we said last, offered again so that the o= line shows that nothing has changed (RFC 4028 section 7.4, RFC 3264 section 8).
    /// After an offer that came to nothing its version is behind: then a new one.
    /// </summary>
    public SessionDescription OfferUnchanged(OfferCarrier carrier)
    {
        if (Local is null || _wasWithdrawn)
            return Offer(carrier);
        Begin(OpenOffer.Ours, carrier, Local);
        return Local;
    }

    /// <summary>What a session description is that a 2xx or reliable 1xx to our INVITE brings.</summary>
    public SdpMeaning MeaningInResponse() => Open switch
    {
        OpenOffer.Ours when Carrier == OfferCarrier.Invite => SdpMeaning.Answer,
        OpenOffer.None when !HasAgreed => SdpMeaning.Offer,
        _ => SdpMeaning.Repeat,
    };

    /// <summary>An answer in a 1xx that may be lost: what it says can be heard early, and the real one repeats it (RFC 3261 section 13.2.1).</summary>
    public bool Preview(SessionDescription answer) =>
        Open == OpenOffer.Ours && Carrier == OfferCarrier.Invite && Negotiator!.Accept(answer);

    /// <summary>
    /// Our answer to the INVITE's offer for a 1xx that may be lost, to be repeated by <see cref="Answer(SessionDescription)"/>: the
    /// offer stays open. Null: nothing in it will do.
    /// </summary>
    public SessionDescription? PreviewAnswer() => Negotiator!.Answer(_open!);

    /// <summary>The answer to our open offer. False: not usable; the offer is closed all the same.</summary>
    public bool Accept(SessionDescription answer)
    {
        if (Open != OpenOffer.Ours)
            return false;
        var offer = Close();
        bool isUnchanged = ReferenceEquals(offer, Local);
        // An unchanged offer with the answer of before changes nothing. The whole text counts: there are telephones that never move their o= version.
        if ((isUnchanged && answer.ToSdp() == Remote!.ToSdp()) || Negotiator!.Accept(answer))
        {
            Agree(offer, answer);
            return true;
        }

        _wasWithdrawn |= !isUnchanged;
        return false;
    }

    /// <summary>Our offer was refused, or its request got lost: the session is as it was (RFC 3261 section 14.1).</summary>
    public void Withdraw()
    {
        if (Open == OpenOffer.Ours)
            _wasWithdrawn |= !ReferenceEquals(Close(), Local);
    }

    /// <summary>An offer of the peer; only where <see cref="Conflict"/> is null.</summary>
    public void Receive(SessionDescription offer, OfferCarrier carrier) => Begin(OpenOffer.Theirs, carrier, offer);

    /// <summary>Our answer to the peer's open offer. Null: nothing in it will do (488); the offer is closed and the session as it was.</summary>
    public SessionDescription? Answer()
    {
        var offer = Close();
        var answer = Negotiator!.Answer(offer);
        if (answer is not null)
            Agree(answer, offer);
        return answer;
    }

    /// <summary>An answer to the peer's open offer that exists already.</summary>
    public SessionDescription Answer(SessionDescription answer)
    {
        Agree(answer, Close());
        return answer;
    }

    public override string ToString() => Open == OpenOffer.None ? (HasAgreed ? "agreed" : "nothing agreed") : $"{Open} open since {Carrier}";

    private void Begin(OpenOffer whose, OfferCarrier carrier, SessionDescription offer)
    {
        Open = whose;
        Carrier = carrier;
        _open = offer;
    }

    private SessionDescription Close()
    {
        var offer = _open!;
        Open = OpenOffer.None;
        _open = null;
        return offer;
    }

    private void Agree(SessionDescription local, SessionDescription remote)
    {
        HasAgreed = true;
        _wasWithdrawn = false;
        Local = local;
        Remote = remote;
    }
}
