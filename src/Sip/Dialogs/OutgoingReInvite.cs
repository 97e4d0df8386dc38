namespace VoiceGateway.Sip;

/// <summary>A re-INVITE of ours, with its repeats after 491 (RFC 3261 section 14.1). Runs in the call's mailbox.</summary>
internal sealed class OutgoingReInvite : IClientTransactionUser
{
    private const int MostTries = 5;
    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly TaskCompletionSource<SipCallResult> _result;
    private readonly MailboxTimer _again;
    private readonly MailboxTimer _limit;
    private InviteClientTransaction? _transaction;
    private SentAck? _ack;
    private int _tries;
    private bool _sawProvisional;
    private bool _isCancelSent;

    public OutgoingReInvite(SipCall call, SipStack stack, TaskCompletionSource<SipCallResult> result)
    {
        _call = call;
        _stack = stack;
        _result = result;
        _again = new MailboxTimer(stack.Time, call.Mailbox, Try);
        _limit = new MailboxTimer(stack.Time, call.Mailbox, OnLimit);
    }

    /// <summary>Our offer is on its way: a re-INVITE from the peer now is answered 491.</summary>
    public bool IsPending { get; private set; }

    public bool IsDone => _result.Task.IsCompleted;

    public void Try()
    {
        if (IsDone)
            return;
        if (_call.State != SipCallState.Established)
        {
            Finish(481, SipReasonPhrases.Get(481), null);
            return;
        }

        // One INVITE at a time in either direction (section 14.1): ours waits for the ACK that is due.
        if (_call.Acks.Any)
        {
            TryLater(null);
            return;
        }

        IsPending = true;
        _stack.OpenFlow(_call.Dialog!, _call.Mailbox, Start);
    }

    public void OnResponse(SipResponse response)
    {
        if (response.IsProvisional)
        {
            _sawProvisional = true;
            if (!_limit.IsRunning)
                _limit.Start(_stack.Timers.TransactionLimit);
        }
        else if (response.IsSuccess)
        {
            OnSuccess(response);
        }
        else if (response.StatusCode == 491)
        {
            IsPending = false;
            _limit.Stop();
            TryLater(response);
        }
        else
        {
            Finish(response.StatusCode, response.ReasonPhrase, response);
            if (response.StatusCode == 481)
                _call.End(new SipCallEnd(SipCallEndCause.DialogLost, 481));
            else if (response.StatusCode == 408)
                _call.SendBye(SipCallEndCause.TimedOut);
        }
    }

    public void OnFailed(ClientFailure failure)
    {
        Finish(failure == ClientFailure.TimedOut ? 408 : 503, failure.ToString(), null);
        _call.SendBye(failure == ClientFailure.TimedOut ? SipCallEndCause.TimedOut : SipCallEndCause.TransportFailed);
    }

    /// <summary>The call ended.</summary>
    public void Stop()
    {
        _again.Stop();
        Finish(487, "Call Ended", null);
    }

    private void Start(SipFlow? flow)
    {
        if (IsDone)
            return;
        if (flow is null)
        {
            _stack.Counters.Increment(SipCounter.SendFailures);
            OnFailed(ClientFailure.TransportFailed);
            return;
        }

        var invite = _call.Dialog!.CreateRequest(SipMethods.Invite);
        invite.Headers.InsertFirst(SipHeaderNames.Via, _stack.CreateVia(flow).ToString());
        invite.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        invite.Contact = _stack.CreateContact(flow, _call.LocalUri.User);
        _stack.Capabilities.PutAllow(invite);
        _stack.Capabilities.PutSupported(invite);
        SdpBody.Put(invite, _call.Negotiator!.CreateOffer());
        _sawProvisional = _isCancelSent = false;
        _transaction = new InviteClientTransaction(invite, flow, _stack.Transactions, _call.Mailbox, this);
        _transaction.Start();
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
        _ack = new SentAck(_stack, _call.Mailbox, _call.Dialog, _transaction!.Request.CSeq.Number, answer: null);
        _ack.Send();
        if (IsDone)
            return;
        bool isAgreed = SdpBody.Read(response, out _) is { } answer && _call.Negotiator!.Accept(answer);
        Finish(isAgreed ? response.StatusCode : 488, isAgreed ? response.ReasonPhrase : SipReasonPhrases.Get(488), response);
        if (!isAgreed)
            _call.SendBye(SipCallEndCause.NegotiationFailed, "SIP;cause=488;text=\"Not Acceptable Here\"");
    }

    /// <summary>Section 14.1: who chose the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of 10 ms.</summary>
    private void TryLater(SipResponse? response)
    {
        if (++_tries >= MostTries)
        {
            Finish(491, SipReasonPhrases.Get(491), response);
            return;
        }

        int pause = _call.IsIncoming ? Random.Shared.Next(0, 201) : Random.Shared.Next(210, 401);
        _again.Start(TimeSpan.FromMilliseconds(10 * pause));
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

        _isCancelSent = true;
        _limit.Start(_stack.Timers.TransactionLimit);
        new NonInviteClientTransaction(transaction.Request.CreateCancel(), transaction.Flow, _stack.Transactions, _call.Mailbox, DiscardResponses.Instance).Start();
    }

    private void Finish(int status, string reason, SipResponse? response)
    {
        IsPending = false;
        _limit.Stop();
        _result.TrySetResult(new SipCallResult(status is >= 200 and < 300 ? _call : null, status, reason, response));
    }
}
