using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>The INVITE that began an incoming call, until its final response (RFC 3261 section 13.3.1).</summary>
internal sealed class IncomingInvite
{
    /// <summary>A proxy may give up after three minutes of silence, so the last provisional response is repeated (section 13.3.1.1).</summary>
    private static readonly TimeSpan ProvisionalInterval = TimeSpan.FromMinutes(1);

    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly InviteServerTransaction _transaction;
    private readonly SessionDescription? _offer;
    private readonly MailboxTimer _again;
    private SipResponse? _provisional;

    public IncomingInvite(SipCall call, SipStack stack, InviteServerTransaction transaction)
    {
        _call = call;
        _stack = stack;
        _transaction = transaction;
        _offer = SdpBody.Read(transaction.Request, out _);
        _again = new MailboxTimer(stack.Time, call.Mailbox, RepeatProvisional);
        transaction.LocalTag = call.LocalTag;
        transaction.Cancelled = Cancel;
    }

    public bool IsPending => !_transaction.IsAnswered && !_transaction.IsTerminated;

    public void Trying() => _transaction.Respond(_stack.CreateResponse(_call.Invite, 100));

    public void Ring(SessionDescription? earlyMedia)
    {
        if (!IsPending)
            return;
        _provisional = _call.CreateDialogResponse(_call.Invite, earlyMedia is null ? 180 : 183);
        if (earlyMedia is not null)
            SdpBody.Put(_provisional, earlyMedia);
        _call.State = SipCallState.Ringing;
        _transaction.Respond(_provisional);
        _again.Start(ProvisionalInterval);
    }

    /// <summary>False when the session cannot be agreed on: then 488 has been sent and the call is over.</summary>
    public bool Answer(ISessionNegotiator negotiator)
    {
        var session = _offer is null ? negotiator.CreateOffer() : negotiator.Answer(_offer);
        if (session is null)
        {
            Refuse(488, null, [], SipCallEndCause.NegotiationFailed);
            return false;
        }

        var response = _call.CreateDialogResponse(_call.Invite, 200);
        SdpBody.Put(response, session);
        _again.Stop();
        _call.State = SipCallState.Answered;
        _call.Acks.Accept(_transaction, response, awaitsAnswer: _offer is null);
        return true;
    }

    public void Refuse(int status, string? reason, IReadOnlyList<(string Name, string Value)> headers, SipCallEndCause cause)
    {
        if (!IsPending)
            return;
        var response = _stack.CreateResponse(_call.Invite, status, reason, _call.LocalTag);
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        _transaction.Respond(response);
        _call.End(new SipCallEnd(cause, status, response.Headers.Get(SipHeaderNames.Reason)));
    }

    public void Stop() => _again.Stop();

    private void Cancel(SipRequest cancel)
    {
        if (!IsPending)
            return; // CANCEL and 200 crossed: the CANCEL has no effect (section 9.2)
        _transaction.Respond(_stack.CreateResponse(_call.Invite, 487, toTag: _call.LocalTag));
        _call.End(new SipCallEnd(SipCallEndCause.Cancelled, 487, cancel.Headers.Get(SipHeaderNames.Reason)));
    }

    private void RepeatProvisional()
    {
        if (!IsPending || _provisional is null)
            return;
        _transaction.Respond(_provisional);
        _again.Start(ProvisionalInterval);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"INVITE {_transaction.Request.CSeq.Number} {_transaction.State}");
}
