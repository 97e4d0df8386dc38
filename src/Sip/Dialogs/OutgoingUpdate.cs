namespace VoiceGateway.Sip;

/// <summary>An UPDATE of ours (RFC 3311 sections 5.1 and 5.3), with its repeats after 491 and 422. Runs in the call's mailbox.</summary>
internal sealed class OutgoingUpdate
{
    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly DialogSession _session;
    private readonly bool _withOffer;
    private readonly Action<SipCallResult> _completed;
    private readonly MailboxTimer _again;
    private SessionDescription? _offer;
    private int _tries;

    public OutgoingUpdate(SipCall call, SipStack stack, DialogSession session, bool withOffer, Action<SipCallResult> completed)
    {
        _call = call;
        _stack = stack;
        _session = session;
        _withOffer = withOffer;
        _completed = completed;
        _again = new MailboxTimer(stack.Time, call.Mailbox, Try);
    }

    public bool IsDone { get; private set; }

    private bool IsTimed => _call.State == SipCallState.Established;

    public void Try()
    {
        if (IsDone)
            return;
        if (_withOffer && !_session.Offers.CanOffer)
        {
            TryLater(null); // the peer's offer came first
            return;
        }

        // Open from now on, while the way is still sought: what the peer offers meanwhile has to wait.
        _offer = _withOffer ? _session.Offers.Offer(OfferCarrier.Update) : null;
        Send();
    }

    /// <summary>The call ended, or its BYE is under way.</summary>
    public void Stop()
    {
        if (IsDone)
            return;
        Withdraw();
        Finish(487, "Call Ended", null);
    }

    private void Send() => new OutgoingRequest(_stack, _call.Mailbox, OnCompleted).Send(_session.Dialog, SipMethods.Update, update =>
    {
        update.Contact = _call.CreateContact(_session.Dialog.Flow);
        _stack.Capabilities.PutAllow(update);
        _stack.Capabilities.PutSupported(update);
        if (IsTimed)
            _call.SessionTimer.Put(update);
        if (_offer is not null)
            SdpBody.Put(update, _offer);
    });

    private void OnCompleted(SipResponse? response, ClientFailure? failure)
    {
        if (IsDone)
            return;
        if (response is { IsSuccess: true })
        {
            OnSuccess(response);
        }
        else if (response?.StatusCode == 422 && _tries++ < GlarePause.MostTries && _call.SessionTimer.TryRaise(response))
        {
            Send();
        }
        else if (response?.StatusCode == 491)
        {
            Withdraw();
            TryLater(response);
        }
        else
        {
            Withdraw();
            if (response?.StatusCode is 405 or 501)
                _call.Abilities.Refused(SipMethods.Update);
            int status = response?.StatusCode ?? (failure == ClientFailure.TimedOut ? 408 : 503);
            Finish(status, response?.ReasonPhrase ?? SipReasonPhrases.Get(status), response);
            if (_call.State is SipCallState.Established or SipCallState.Answered)
                _call.EndWhereLost(response, failure);
        }
    }

    private void OnSuccess(SipResponse response)
    {
        _session.Dialog.Refresh(response, _session.Dialog.Flow);
        _call.Abilities.Learn(response);
        if (IsTimed)
            _call.SessionTimer.Accepted(response);
        if (_offer is null || (SdpBody.Read(response, out _) is { } answer && _session.Offers.Accept(answer)))
        {
            Finish(response.StatusCode, response.ReasonPhrase, response);
            return;
        }

        Withdraw();
        Finish(488, SipReasonPhrases.Get(488), response);
        if (IsTimed)
            _call.SendBye(SipCallEndCause.NegotiationFailed, "SIP;cause=488;text=\"Not Acceptable Here\"");
    }

    private void TryLater(SipResponse? response)
    {
        if (++_tries >= GlarePause.MostTries)
            Finish(491, SipReasonPhrases.Get(491), response);
        else
            _again.Start(GlarePause.Next(isOwnerOfCallId: !_call.IsIncoming));
    }

    private void Withdraw()
    {
        if (_offer is not null)
            _session.Offers.Withdraw();
        _offer = null;
    }

    private void Finish(int status, string reason, SipResponse? response)
    {
        IsDone = true;
        _again.Stop();
        _completed(new SipCallResult(status is >= 200 and < 300 ? _call : null, status, reason, response));
    }
}
