using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// The INVITE that began an incoming call, until its final response (RFC 3261 section 13.3.1), with provisional responses of both
/// kinds (RFC 3262 section 3). Runs in the call's mailbox.
/// </summary>
internal sealed class IncomingInvite
{
    /// <summary>A proxy may give up after three minutes of silence, so the last provisional response is repeated (section 13.3.1.1).</summary>
    private static readonly TimeSpan ProvisionalInterval = TimeSpan.FromMinutes(1);

    private const uint MostExpires = 86_400; // who waits for longer, waits for as long as it likes

    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly InviteServerTransaction _transaction;
    private readonly ReliableProvisionals? _reliable;
    private readonly bool _hasOffer;
    private readonly bool _requiresReliable;
    private readonly MailboxTimer _again;
    private readonly MailboxTimer _expiry;
    private SipResponse? _provisional;
    private SessionDescription? _preview;
    private bool _answerWaits;

    public IncomingInvite(SipCall call, SipStack stack, InviteServerTransaction transaction)
    {
        _call = call;
        _stack = stack;
        _transaction = transaction;
        _again = new MailboxTimer(stack.Time, call.Mailbox, RepeatProvisional);
        _expiry = new MailboxTimer(stack.Time, call.Mailbox, () => Refuse(487, "Invitation Expired", [], SipCallEndCause.Cancelled));
        transaction.LocalTag = call.LocalTag;
        transaction.Cancelled = Cancel;
        if (SdpBody.Read(transaction.Request, out _) is { } offer)
        {
            _hasOffer = true;
            Offers.Receive(offer, OfferCarrier.Invite);
        }

        _requiresReliable = transaction.Request.Headers.ListContains(SipHeaderNames.Require, ReliableProvisionals.Extension);
        if (stack.Options.ReliableProvisionals != SipReliableProvisionals.Off && PeerSupportsReliable)
            _reliable = new ReliableProvisionals(stack, transaction, () => Refuse(504, null, [], SipCallEndCause.NoPrack));
    }

    public bool IsPending => !_transaction.IsAnswered && !_transaction.IsTerminated;

    private OfferAnswerState Offers => _call.Offers;

    private bool PeerSupportsReliable =>
        _requiresReliable || _transaction.Request.Headers.ListContains(SipHeaderNames.Supported, ReliableProvisionals.Extension);

    /// <summary>100, and from now on the caller's Expires counts (section 13.3.1).</summary>
    public void Begin()
    {
        _transaction.Respond(_stack.CreateResponse(_call.Invite, 100));
        if (SipGrammar.TryParseNumber(SipGrammar.Trim(_call.Invite.Headers.Get(SipHeaderNames.Expires)), MostExpires, out var seconds) && seconds > 0)
            _expiry.Start(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>False: the INVITE asks for what we do not agree to, or lacks what we insist on, and has been refused.</summary>
    public bool IsAcceptable()
    {
        var refusal = _call.SessionTimer.Check(_call.Invite, _call.LocalTag);
        if (refusal is null && _reliable is null && _stack.Options.ReliableProvisionals == SipReliableProvisionals.Required)
        {
            refusal = _stack.CreateResponse(_call.Invite, 421, toTag: _call.LocalTag);
            refusal.Headers.Set(SipHeaderNames.Require, ReliableProvisionals.Extension);
        }

        if (refusal is null)
            return true;
        _stack.Counters.Increment(SipCounter.RequestsRefused);
        Refuse(refusal, SipCallEndCause.Rejected);
        return false;
    }

    public void Ring(SessionDescription? earlyMedia)
    {
        if (!MayRing)
            return;
        // Without an offer there is nothing to answer; and an answer that was acknowledged is not given again.
        var session = _hasOffer && Offers.Open == OpenOffer.Theirs ? earlyMedia : null;
        if (session is not null && _reliable is not null)
            Offers.Answer(session);
        SendProvisional(session);
    }

    public void Ring(ISessionNegotiator negotiator)
    {
        if (!MayRing)
            return;
        Offers.Negotiator = negotiator;
        SessionDescription? session = null;
        if (Offers.Open == OpenOffer.Theirs)
        {
            session = _reliable is null ? _preview ??= Offers.PreviewAnswer() : Offers.Answer();
            if (session is null)
            {
                Refuse(488, null, [], SipCallEndCause.NegotiationFailed);
                return;
            }
        }
        else if (_reliable is not null && OweOffer)
        {
            session = Offers.Offer(OfferCarrier.ReliableProvisional);
        }

        SendProvisional(session);
    }

    /// <summary>The 200, now or as soon as the session in a reliable response has been acknowledged; 488 where none can be agreed on.</summary>
    public void Answer(ISessionNegotiator negotiator)
    {
        if (Offers.Negotiator != negotiator)
            _preview = null;
        Offers.Negotiator = negotiator;
        _again.Stop();
        _answerWaits = true;
        SendAnswer();
    }

    /// <summary>False: it is for no response of ours.</summary>
    public bool ReceivePrack(ServerTransaction transaction)
    {
        var prack = transaction.Request;
        if (_reliable?.TryAcknowledge(prack) != true)
            return false;
        bool isAnswerDue = Offers.Open == OpenOffer.Ours && Offers.Carrier == OfferCarrier.ReliableProvisional;
        var session = SdpBody.Read(prack, out var error);
        if (isAnswerDue)
        {
            bool isAgreed = session is not null && Offers.Accept(session);
            Offers.Withdraw();
            transaction.Respond(_stack.CreateResponse(prack, 200, toTag: _call.LocalTag));
            if (!isAgreed)
            {
                Refuse(488, null, [], SipCallEndCause.NegotiationFailed);
                return true;
            }
        }
        else
        {
            // Whatever becomes of an offer in it (pattern 5), the PRACK has acknowledged.
            transaction.Respond(error is not null
                ? _stack.CreateResponse(prack, 400, "Malformed Session Description", _call.LocalTag)
                : _call.AnswerOffer(prack, session, OfferCarrier.Prack, new DialogSession(_call.Dialog!, Offers), () => _stack.CreateResponse(prack, 200, toTag: _call.LocalTag)));
        }

        _reliable.Continue();
        if (_answerWaits)
            SendAnswer();
        return true;
    }

    public void Refuse(int status, string? reason, IReadOnlyList<(string Name, string Value)> headers, SipCallEndCause cause, string? theirReason = null)
    {
        var response = _stack.CreateResponse(_call.Invite, status, reason, _call.LocalTag);
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        Refuse(response, cause, theirReason);
    }

    public void Stop()
    {
        _again.Stop();
        _expiry.Stop();
        _reliable?.Finish();
    }

    private bool MayRing => IsPending && !_answerWaits;

    /// <summary>The INVITE came without an offer, so that ours has to be in the first reliable response (RFC 3261 section 13.2.1).</summary>
    private bool OweOffer => !_hasOffer && Offers.Open == OpenOffer.None && !Offers.HasAgreed;

    private void SendProvisional(SessionDescription? session)
    {
        _call.State = SipCallState.Ringing;
        // A reliable response would have to hold an offer that nobody has given us: then an unreliable one, if the peer takes such.
        bool isReliable = _reliable is not null && (session is not null || !OweOffer);
        if (!isReliable && _requiresReliable)
            return;
        var response = _call.CreateDialogResponse(_call.Invite, session is null ? 180 : 183);
        if (session is not null)
            SdpBody.Put(response, session);
        if (isReliable)
        {
            _reliable!.Send(response, session is not null);
        }
        else
        {
            _provisional = response;
            _transaction.Respond(response);
        }

        _again.Start(ProvisionalInterval);
    }

    private void SendAnswer()
    {
        if (!IsPending || _reliable is { HoldBack2xx: true })
            return;
        bool offers = OweOffer;
        SessionDescription? session = null;
        if (offers)
        {
            session = Offers.Offer(OfferCarrier.Success);
        }
        else if (Offers.Open == OpenOffer.Theirs)
        {
            session = _preview is { } preview ? Offers.Answer(preview) : Offers.Answer();
            if (session is null)
            {
                Refuse(488, null, [], SipCallEndCause.NegotiationFailed);
                return;
            }
        }

        // Else it was agreed on before, reliably: nothing more is said of it (RFC 6337 section 3.1).
        var response = _call.CreateDialogResponse(_call.Invite, 200);
        if (session is not null)
            SdpBody.Put(response, session);
        _call.SessionTimer.Agree(_call.Invite, response);
        Stop();
        _call.State = SipCallState.Answered;
        _call.Acks.Accept(_transaction, response, awaitsAnswer: offers);
    }

    private void Refuse(SipResponse response, SipCallEndCause cause, string? theirReason = null)
    {
        if (!IsPending)
            return;
        Stop();
        _transaction.Respond(response);
        _call.End(new SipCallEnd(cause, response.StatusCode, theirReason ?? SipReason.HeaderOf(response)));
    }

    private void Cancel(SipRequest cancel)
    {
        // CANCEL and 200 may cross: then the CANCEL has no effect (section 9.2).
        Refuse(487, null, [], SipCallEndCause.Cancelled, SipReason.HeaderOf(cancel));
    }

    private void RepeatProvisional()
    {
        if (!MayRing)
            return;
        if (_provisional is not null)
            _transaction.Respond(_provisional);
        else if (_reliable is { IsIdle: true })
            _reliable.Send(_call.CreateDialogResponse(_call.Invite, 180), hasSession: false);
        _again.Start(ProvisionalInterval);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"INVITE {_transaction.Request.CSeq.Number} {_transaction.State}");
}
