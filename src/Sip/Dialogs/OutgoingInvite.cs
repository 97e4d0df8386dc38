using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// The INVITE of an outgoing call until its final response, and the 2xx repeats and forks after it (RFC 3261 sections 9.1, 13.2).
/// Runs in the call's mailbox.
/// </summary>
internal sealed class OutgoingInvite : IClientTransactionUser
{
    private readonly SipStack _stack;
    private readonly SipOutgoingCall _wanted;
    private readonly SipCall _call;
    private readonly MailboxTimer _cancelLimit;
    private readonly Dictionary<string, SentAck> _acks = [];
    private readonly HashSet<string> _endedEarly = [];
    private readonly TaskCompletionSource<SipCallResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InviteClientTransaction? _transaction;
    private string? _earlyAnswerFrom;
    private bool _isCancelWanted;
    private bool _isCancelSent;
    private bool _sawProvisional;
    private bool _sawFinal;

    private OutgoingInvite(SipStack stack, SipOutgoingCall wanted)
    {
        _stack = stack;
        _wanted = wanted;
        _call = SipCall.CreateOutgoing(stack, this);
        _cancelLimit = new MailboxTimer(stack.Time, _call.Mailbox, OnCancelUnanswered);
    }

    private bool IsDone => _result.Task.IsCompleted;

    public static async Task<SipCallResult> RunAsync(SipStack stack, SipOutgoingCall wanted, CancellationToken cancellationToken)
    {
        var invite = new OutgoingInvite(stack, wanted);
        if (stack.IsStopping || !stack.Calls.TryAdd(invite._call, stack.Options.MaxCalls))
        {
            stack.Counters.Increment(SipCounter.OverloadRejected);
            return new SipCallResult(null, 503, "Too Many Calls");
        }

        stack.Counters.Increment(SipCounter.OutgoingCalls);
        using var cancelling = cancellationToken.Register(() => invite._call.Mailbox.Post(invite.Cancel));
        invite._call.Mailbox.Post(invite.Begin);
        return await invite._result.Task.ConfigureAwait(false);
    }

    public void OnResponse(SipResponse response)
    {
        if (response.IsProvisional)
        {
            OnProvisional(response);
            return;
        }

        _sawFinal = true;
        _cancelLimit.Stop();
        if (response.IsSuccess)
            OnSuccess(response);
        else
            Finish(response.StatusCode, response.ReasonPhrase, response, IsCancelled(response) ? SipCallEndCause.Cancelled : SipCallEndCause.Rejected);
    }

    public void OnFailed(ClientFailure failure)
    {
        if (_isCancelWanted)
            Finish(487, "Cancelled", null, SipCallEndCause.Cancelled);
        else if (failure == ClientFailure.TimedOut)
            Finish(408, SipReasonPhrases.Get(408), null, SipCallEndCause.TimedOut);
        else
            Finish(503, "Not Reachable", null, SipCallEndCause.TransportFailed);
    }

    /// <summary>Section 9.1: at once when a provisional response has come, else as soon as one comes.</summary>
    public void Cancel()
    {
        if (IsDone || _isCancelSent)
            return;
        _isCancelWanted = true;
        if (_call.State != SipCallState.Ended && _transaction is not null)
            _call.State = SipCallState.Ending;
        if (_transaction is null)
            Finish(487, "Cancelled", null, SipCallEndCause.Cancelled);
        else if (_sawProvisional)
            SendCancel();
    }

    /// <summary>The call ended, by whoever: its result must not be awaited for ever.</summary>
    public void Ended(SipCallEnd end)
    {
        if (end.Cause == SipCallEndCause.EndpointClosed)
            _cancelLimit.Stop(); // else it still bounds an INVITE that the callee has not answered
        _result.TrySetResult(new SipCallResult(null, end.StatusCode ?? 503, end.Cause.ToString()));
    }

    public void Fail()
    {
        if (!_sawFinal && _sawProvisional && !_isCancelSent)
            SendCancel();
        else if (!_sawFinal && !_isCancelSent)
            _transaction?.Terminate();
        Finish(500, SipReasonPhrases.Get(500), null, SipCallEndCause.Faulted);
    }

    /// <summary>A callee hangs up before its 200 arrived here (UDP reorders): the 200 will only be acknowledged.</summary>
    public void ReceiveEarlyBye(SipRequest bye)
    {
        _endedEarly.Add(bye.From.Tag ?? "");
    }

    private void Begin()
    {
        if (IsDone)
            return; // cancelled before it began
        _stack.OpenFlow(_wanted.Proxy ?? _wanted.To, _call.Mailbox, flow =>
        {
            if (IsDone)
                return;
            if (flow is null)
            {
                _stack.Counters.Increment(SipCounter.SendFailures);
                OnFailed(ClientFailure.TransportFailed);
                return;
            }

            var invite = CreateInvite(flow);
            _call.BeginOutgoing(invite, flow);
            _call.Negotiator = _wanted.Negotiator;
            _transaction = new InviteClientTransaction(invite, flow, _stack.Transactions, _call.Mailbox, this);
            _transaction.Start();
        });
    }

    private SipRequest CreateInvite(SipFlow flow)
    {
        var (host, _) = _stack.Transports.SentBy(flow);
        var from = (_wanted.From ?? new SipNameAddress(new SipUri("anonymous", host))).WithoutTag().WithTag(SipIdentifiers.NewTag());
        var target = _wanted.To.WithoutHeaders();
        var invite = SipRequest.Create(SipMethods.Invite, target, from, new SipNameAddress(target), _wanted.CallId ?? SipIdentifiers.NewCallId(), 1);
        invite.Headers.InsertFirst(SipHeaderNames.Via, _stack.CreateVia(flow).ToString());
        if (_wanted.Proxy is { } proxy)
            invite.Headers.Add(SipHeaderNames.Route, new SipNameAddress(proxy.Parameters.Contains("lr") ? proxy : proxy.WithParameter("lr")).ToString());
        invite.Contact = _stack.CreateContact(flow, from.Uri.User);
        invite.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        _stack.Capabilities.PutAllow(invite);
        _stack.Capabilities.PutSupported(invite);
        SipCapabilities.PutAccept(invite);
        if (_wanted.Expires is { } expires)
            invite.Headers.Set(SipHeaderNames.Expires, ((long)expires.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in _wanted.Headers)
            invite.Headers.Add(name, value);
        if (!_wanted.LateOffer)
            SdpBody.Put(invite, _wanted.Negotiator.CreateOffer());
        return invite;
    }

    private void OnProvisional(SipResponse response)
    {
        _sawProvisional = true;
        if (_isCancelWanted)
        {
            if (!_isCancelSent)
                SendCancel();
            return;
        }

        if (response.StatusCode > 100 && response.To.Tag is not null)
            _call.AddDialog(DialogId.OfResponse(response));
        _call.State = response.StatusCode is 180 or 183 ? SipCallState.Ringing : _call.State == SipCallState.Ringing ? SipCallState.Ringing : SipCallState.Proceeding;
        if (!_wanted.LateOffer && _earlyAnswerFrom is null && SdpBody.Read(response, out _) is { } early && _wanted.Negotiator.Accept(early))
            _earlyAnswerFrom = response.To.Tag ?? "";
        _wanted.OnProvisional?.Invoke(response);
    }

    private void OnSuccess(SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var acknowledged))
        {
            _stack.Counters.Increment(SipCounter.ResponseRetransmissionsAbsorbed);
            acknowledged.Send();
        }
        else if (_acks.Count > 0 || _isCancelWanted || IsDone)
        {
            Release(response, tag);
        }
        else
        {
            Confirm(response, tag);
        }
    }

    private void Confirm(SipResponse response, string tag)
    {
        var dialog = SipDialog.OfOutgoing(_transaction!.Request, response, _transaction.Flow);
        bool isAgreed = false;
        SessionDescription? answer = null;
        try
        {
            (isAgreed, answer) = Negotiate(response, tag);
        }
        finally
        {
            // A negotiator that throws ends the call by BYE, and that wants an acknowledged dialog.
            Acknowledge(dialog, tag, answer);
            _call.Establish(dialog);
        }

        if (_endedEarly.Contains(tag))
        {
            _result.TrySetResult(new SipCallResult(null, 487, "Ended By The Callee", response));
            _call.End(new SipCallEnd(SipCallEndCause.RemoteBye));
        }
        else if (!isAgreed)
        {
            _result.TrySetResult(new SipCallResult(null, 488, SipReasonPhrases.Get(488), response));
            _call.SendBye(SipCallEndCause.NegotiationFailed, "SIP;cause=488;text=\"Not Acceptable Here\"");
        }
        else
        {
            _result.TrySetResult(new SipCallResult(_call, response.StatusCode, response.ReasonPhrase, response));
        }
    }

    /// <summary>The answer to our offer, which an early one may have brought already; or our answer to the late offer.</summary>
    private (bool IsAgreed, SessionDescription? Answer) Negotiate(SipResponse response, string tag)
    {
        var session = SdpBody.Read(response, out _);
        if (!_wanted.LateOffer)
            return (session is null ? _earlyAnswerFrom == tag : _wanted.Negotiator.Accept(session), null);
        var answer = session is null ? null : _wanted.Negotiator.Answer(session);
        return (answer is not null, answer);
    }

    /// <summary>A 2xx that nobody waits for: of a second fork, or one that crossed our CANCEL. ACK, then BYE (section 13.2.2.4).</summary>
    private void Release(SipResponse response, string tag)
    {
        var dialog = SipDialog.OfOutgoing(_transaction!.Request, response, _transaction.Flow);
        Acknowledge(dialog, tag, answer: null);
        _stack.Counters.Increment(SipCounter.ForkedAnswersReleased);
        if (!_endedEarly.Contains(tag))
            new OutgoingRequest(_stack, _call.Mailbox, static (_, _) => { }).Send(dialog, SipMethods.Bye);
        if (_isCancelWanted)
            Finish(487, "Cancelled", response, SipCallEndCause.Cancelled);
    }

    private void Acknowledge(SipDialog dialog, string tag, SessionDescription? answer)
    {
        var ack = new SentAck(_stack, _call.Mailbox, dialog, _transaction!.Request.CSeq.Number, answer);
        _acks[tag] = ack;
        ack.Send();
    }

    private void SendCancel()
    {
        _isCancelSent = true;
        var cancel = _transaction!.Request.CreateCancel();
        cancel.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        _cancelLimit.Start(_stack.Timers.TransactionLimit);
        new NonInviteClientTransaction(cancel, _transaction.Flow, _stack.Transactions, _call.Mailbox, DiscardResponses.Instance).Start();
    }

    /// <summary>Section 9.1: no final response 64*T1 after the CANCEL; the INVITE counts as cancelled.</summary>
    private void OnCancelUnanswered()
    {
        _transaction!.Terminate();
        Finish(487, "Cancelled", null, SipCallEndCause.Cancelled);
    }

    private bool IsCancelled(SipResponse response) => _isCancelWanted && response.StatusCode == 487;

    private void Finish(int status, string reason, SipResponse? response, SipCallEndCause cause)
    {
        _result.TrySetResult(new SipCallResult(null, status, reason, response));
        _call.End(new SipCallEnd(cause, status, response?.Headers.Get(SipHeaderNames.Reason)));
    }
}
