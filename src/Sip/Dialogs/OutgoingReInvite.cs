namespace VoiceGateway.Sip;

/// <summary>
/// A re-INVITE of ours, with its repeats after 401, 407, 422 and 491 (RFC 3261 sections 14.1 and 22.2, RFC 4028 section 7.3).
/// A refusal leaves the session as it was. Runs in the call's mailbox.
/// </summary>
internal sealed class OutgoingReInvite : IClientTransactionUser
{
    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly ReInviteOffer _offering;
    private readonly Action<SipCallResult> _completed;
    private readonly MailboxTimer _again;
    private readonly MailboxTimer _limit;
    private InviteClientTransaction? _transaction;
    private SessionDescription? _offer;
    private SentAck? _ack;
    private int _tries;
    private int _sent;
    private bool _sawProvisional;
    private bool _isCancelSent;

    public OutgoingReInvite(SipCall call, SipStack stack, ReInviteOffer offering, Action<SipCallResult> completed)
    {
        _call = call;
        _stack = stack;
        _offering = offering;
        _completed = completed;
        _again = new MailboxTimer(stack.Time, call.Mailbox, Try);
        _limit = new MailboxTimer(stack.Time, call.Mailbox, OnLimit);
    }

    /// <summary>It is on its way: a re-INVITE from the peer now is answered 491.</summary>
    public bool IsPending { get; private set; }

    public bool IsDone { get; private set; }

    private OfferAnswerState Offers => _call.Offers;

    public void Try()
    {
        if (IsDone)
            return;
        if (_call.State != SipCallState.Established)
        {
            Finish(481, SipReasonPhrases.Get(481), null);
            return;
        }

        // One INVITE at a time in either direction (section 14.1), and no offer on top of an open one: ours waits.
        if (_call.Acks.Any || Offers.Open != OpenOffer.None)
        {
            TryLater(null);
            return;
        }

        IsPending = true;
        // Open from now on, while the way is still sought: what the peer offers meanwhile has to wait.
        _offer = _offering switch
        {
            ReInviteOffer.New => Offers.Offer(OfferCarrier.Invite),
            ReInviteOffer.Unchanged => Offers.OfferUnchanged(OfferCarrier.Invite),
            _ => null,
        };
        OpenFlow(flow => Start(CreateInvite(flow), flow));
    }

    public void OnResponse(SipResponse response)
    {
        if (response.IsProvisional)
        {
            _sawProvisional = true;
            if (IsDone)
                SendCancel();
            else if (!_limit.IsRunning)
                _limit.Start(_stack.Timers.TransactionLimit);
            return;
        }

        _limit.Stop();
        if (response.IsSuccess)
            OnSuccess(response);
        else if (!IsDone)
            OnRefused(response);
    }

    public void OnFailed(ClientFailure failure)
    {
        _limit.Stop();
        if (IsDone)
            return;
        Withdraw();
        Finish(failure == ClientFailure.TimedOut ? 408 : 503, failure.ToString(), null);
        _call.SendBye(failure == ClientFailure.TimedOut ? SipCallEndCause.TimedOut : SipCallEndCause.TransportFailed);
    }

    /// <summary>The call ended, or its BYE is under way: what nobody waits for any more is cancelled.</summary>
    public void Stop()
    {
        if (IsDone)
            return;
        Withdraw();
        Finish(487, "Call Ended", null);
        if (_sawProvisional)
            SendCancel();
    }

    private void OpenFlow(Action<SipFlow> next) => _stack.OpenFlow(_call.Dialog!, _call.Mailbox, flow =>
    {
        if (IsDone)
            return;
        if (flow is not null)
        {
            next(flow);
            return;
        }

        _stack.Counters.Increment(SipCounter.SendFailures);
        OnFailed(ClientFailure.TransportFailed);
    });

    private SipRequest CreateInvite(SipFlow flow)
    {
        var invite = _call.Dialog!.CreateRequest(SipMethods.Invite);
        invite.Headers.InsertFirst(SipHeaderNames.Via, _stack.CreateVia(flow).ToString());
        invite.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        invite.Contact = _call.CreateContact(flow);
        _stack.Capabilities.PutAllow(invite);
        // Nobody is rung by a re-INVITE: its provisional responses need not be reliable.
        _stack.Capabilities.PutSupported(invite, except: ReliableProvisionals.Extension);
        _call.SessionTimer.Put(invite);
        if (_offer is not null)
            SdpBody.Put(invite, _offer);
        DialogCredentials.Put(_call.Dialog, invite);
        return invite;
    }

    private void Start(SipRequest invite, SipFlow flow)
    {
        _sent++;
        _sawProvisional = _isCancelSent = false;
        _transaction = new InviteClientTransaction(invite, flow, _stack.Transactions, _call.Mailbox, this);
        _transaction.Start();
    }

    private void OnRefused(SipResponse response)
    {
        if (DialogCredentials.Answer(_call.Dialog!, _transaction!.Request, response, _sent) is { } authorized)
        {
            OpenFlow(flow =>
            {
                authorized.Headers.InsertFirst(SipHeaderNames.Via, _stack.CreateVia(flow).ToString());
                Start(authorized, flow);
            });
        }
        else if (response.StatusCode == 422 && ++_tries < GlarePause.MostTries && _call.SessionTimer.TryRaise(response))
        {
            OpenFlow(flow => Start(CreateInvite(flow), flow));
        }
        else if (response.StatusCode == 491)
        {
            Withdraw();
            IsPending = false;
            TryLater(response);
        }
        else
        {
            Withdraw();
            Finish(response.StatusCode, response.ReasonPhrase, response);
            _call.EndWhereLost(response, null);
        }
    }

    private void OnSuccess(SipResponse response)
    {
        if (_ack is not null)
        {
            _stack.Counters.Increment(SipCounter.ResponseRetransmissionsAbsorbed);
            _ack.Send();
            return;
        }

        _call.Dialog!.Refresh(response, _call.Dialog.Flow);
        _call.Abilities.Learn(response);
        bool isAgreed = false;
        SessionDescription? answer = null;
        try
        {
            if (!IsDone)
                (isAgreed, answer) = Negotiate(SdpBody.Read(response, out _));
        }
        finally
        {
            // Acknowledged whatever comes of it: a BYE may follow, but the 2xx must not be repeated for ever.
            var invite = _transaction!.Request;
            _ack = new SentAck(_stack, _call.Mailbox, _call.Dialog, invite.CSeq.Number, answer, invite);
            _ack.Send();
        }

        if (IsDone)
            return;
        _call.SessionTimer.Accepted(response);
        isAgreed |= _offering == ReInviteOffer.Unchanged; // whatever is said to what was agreed already: it is alive
        Finish(isAgreed ? response.StatusCode : 488, isAgreed ? response.ReasonPhrase : SipReasonPhrases.Get(488), response);
        if (!isAgreed)
            _call.SendBye(SipCallEndCause.NegotiationFailed, "SIP;cause=488;text=\"Not Acceptable Here\"");
    }

    private (bool IsAgreed, SessionDescription? Answer) Negotiate(SessionDescription? session)
    {
        if (_offer is not null)
        {
            bool isAgreed = session is not null && Offers.Accept(session);
            Withdraw();
            return (isAgreed, null);
        }

        if (session is null || Offers.Conflict is not null)
            return (false, null);
        Offers.Receive(session, OfferCarrier.Success);
        var answer = Offers.Answer();
        return (answer is not null, answer);
    }

    private void TryLater(SipResponse? response)
    {
        if (++_tries >= GlarePause.MostTries)
            Finish(491, SipReasonPhrases.Get(491), response);
        else
            _again.Start(GlarePause.Next(isOwnerOfCallId: !_call.IsIncoming));
    }

    /// <summary>A re-INVITE needs no human: one that only got provisional responses is cancelled, and the call with it if that does not help.</summary>
    private void OnLimit()
    {
        if (_transaction is not { IsTerminated: false } transaction || !_sawProvisional)
            return;
        if (_isCancelSent)
        {
            transaction.Terminate();
            OnFailed(ClientFailure.TimedOut);
            return;
        }

        SendCancel();
    }

    private void SendCancel()
    {
        if (_isCancelSent || _transaction is not { IsAnswered: false, IsTerminated: false } transaction)
            return;
        _isCancelSent = true;
        _limit.Start(_stack.Timers.TransactionLimit);
        new NonInviteClientTransaction(transaction.Request.CreateCancel(), transaction.Flow, _stack.Transactions, _call.Mailbox, DiscardResponses.Instance).Start();
    }

    private void Withdraw()
    {
        if (_offer is not null)
            Offers.Withdraw();
        _offer = null;
    }

    private void Finish(int status, string reason, SipResponse? response)
    {
        IsPending = false;
        IsDone = true;
        _again.Stop();
        _limit.Stop();
        _completed(new SipCallResult(status is >= 200 and < 300 ? _call : null, status, reason, response));
    }
}
