namespace VoiceGateway.Sip;

/// <summary>
/// The REFERs that a call's peer sends within its dialog (RFC 3515). Runs in the call's mailbox.
/// <code>
///   ─▶ REFER   202 ─▶   NOTIFY "100" ─▶   (INVITE to the target)   NOTIFY "180" ─▶   NOTIFY "200", terminated ─▶
/// </code>
/// </summary>
internal sealed class IncomingReferrals(SipCall call, SipStack stack)
{
    private readonly List<ReferSubscription> _subscriptions = [];
    private bool _isSecond;

    public void Receive(ServerTransaction transaction)
    {
        var refer = transaction.Request;
        if (call.State is not (SipCallState.Established or SipCallState.Answered))
        {
            // Of a call that rings, nothing can be handed on yet; of one that ends, nothing any more.
            Refuse(transaction, new SipReply(call.State == SipCallState.Ending ? 481 : 603));
            return;
        }

        if (ReferTo.Read(refer, out var refusal) is not { } asked)
        {
            stack.Counters.Increment(SipCounter.RequestsRefused);
            Refuse(transaction, refusal);
            return;
        }

        var wantsReports = ReferSub.Read(refer) != false;
        var subscription = wantsReports ? new ReferSubscription(call, stack, _isSecond ? refer.CSeq.Number : null) : null;
        var referral = new SipIncomingReferral(call, stack, asked, subscription);
        stack.Handler!.OnRefer(call, referral);
        if (referral.Decide() is { } no)
        {
            Refuse(transaction, no);
            return;
        }

        _isSecond = true;
        var response = call.CreateDialogResponse(refer, 202);
        if (!wantsReports)
            response.Headers.Set(SipHeaderNames.ReferSub, ReferSub.No);
        transaction.Respond(response);
        if (subscription is null)
            return;
        _subscriptions.Add(subscription);
        subscription.Begin();
    }

    /// <summary>The subscriptions outlive the call's session (RFC 5057 section 4): who hung up after a REFER may still want to know.</summary>
    public void CallEnded()
    {
        foreach (var subscription in _subscriptions)
            subscription.CallEnded();
    }

    private void Refuse(ServerTransaction transaction, SipReply reply)
    {
        var response = stack.CreateResponse(transaction.Request, reply.StatusCode, reply.Reason, call.LocalTag);
        foreach (var (name, value) in reply.Headers)
            response.Headers.Add(name, value);
        transaction.Respond(response);
    }
}
