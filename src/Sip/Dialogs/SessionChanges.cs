namespace VoiceGateway.Sip;

/// <summary>Re-INVITEs and UPDATEs of ours: one at a time (RFC 3261 section 14.1, RFC 3311 section 5.1). Runs in the call's mailbox.</summary>
internal sealed class SessionChanges(SipCall call, SipStack stack)
{
    private OutgoingReInvite? _reInvite;
    private OutgoingUpdate? _update;

    /// <summary>Our INVITE is on its way: a re-INVITE from the peer now is answered 491.</summary>
    public bool HasPendingInvite => _reInvite is { IsPending: true };

    private bool IsBusy => _reInvite is { IsDone: false } || _update is { IsDone: false };

    public void ReInvite(ReInviteOffer offer, Action<SipCallResult> completed)
    {
        if (call.State != SipCallState.Established || call.Negotiator is null)
        {
            completed(Local(481));
        }
        else if (IsBusy)
        {
            completed(Local(491));
        }
        else
        {
            _reInvite = new OutgoingReInvite(call, stack, offer, completed);
            _reInvite.Try();
        }
    }

    public void Update(bool withOffer, Action<SipCallResult> completed)
    {
        if (call.State is SipCallState.Ending or SipCallState.Ended || call.CurrentSession is not { } session)
        {
            completed(Local(481));
        }
        else if (!call.Abilities.Allows(SipMethods.Update))
        {
            completed(Local(405));
        }
        else if (IsBusy || (withOffer && !session.Offers.CanOffer))
        {
            completed(Local(491));
        }
        else
        {
            _update = new OutgoingUpdate(call, stack, session, withOffer, completed);
            _update.Try();
        }
    }

    /// <summary>
    /// The session timer's half is over: UPDATE, which needs neither SDP nor ACK, where the peer takes it (RFC 4028 section 7.4).
    /// Whatever else of ours is under way refreshes as well.
    /// </summary>
    public void Refresh()
    {
        if (call.State != SipCallState.Established)
            return;
        if (IsBusy)
            call.SessionTimer.TryLater(null);
        else if (call.Abilities.Allows(SipMethods.Update))
            Update(withOffer: false, OnUpdateRefreshed);
        else
            ReInvite(ReInviteOffer.Unchanged, OnRefreshed);
    }

    public void Stop()
    {
        _reInvite?.Stop();
        _update?.Stop();
    }

    private void OnUpdateRefreshed(SipCallResult result)
    {
        if (result.StatusCode is 405 or 501)
            Refresh(); // it said otherwise in Allow; by re-INVITE then
        else
            OnRefreshed(result);
    }

    private void OnRefreshed(SipCallResult result)
    {
        if (result.Call is null && call.State == SipCallState.Established)
            call.SessionTimer.TryLater(result.Response);
    }

    private static SipCallResult Local(int status) => new(null, status, SipReasonPhrases.Get(status));
}
