using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// The INVITE of an outgoing call until its final response, and the 2xx repeats and forks after it (RFC 3261 sections 9.1, 13.2).
/// Runs in the call's mailbox.
/// <code>
/// RequestAttempts (hops, challenges) --1xx--> EarlyDialog, one for each To tag --2xx--> ACK, the call's dialog
///     ^--422, 420, 421, 3xx: once more--+                          +--2xx of another tag--> ACK, BYE
/// </code>
/// </summary>
internal sealed class OutgoingInvite : IRequestAttemptsUser
{
    private const int MostEarlyDialogs = 32;
    private readonly SipStack _stack;
    private readonly SipOutgoingCall _wanted;
    private readonly SipCall _call;
    private readonly RequestAttempts _attempts;
    private readonly InviteRetries _retries;
    private readonly MailboxTimer _cancelLimit;
    private readonly Dictionary<string, EarlyDialog> _early = [];
    private readonly Dictionary<string, SentAck> _acks = [];
    private readonly HashSet<string> _endedEarly = [];
    private readonly TaskCompletionSource<SipCallResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionDescription? _offer;
    private EarlyDialog? _heard;
    private GivenUp? _givenUp;
    private bool _isCancelSent;
    private bool _sawProvisional;
    private bool _sawFinal;

    private OutgoingInvite(SipStack stack, SipOutgoingCall wanted)
    {
        _stack = stack;
        _wanted = wanted;
        _call = SipCall.CreateOutgoing(stack, this);
        _call.Peer = wanted.Peer;
        _attempts = new RequestAttempts(stack, _call.Mailbox, this);
        _retries = new InviteRetries(stack, wanted, _call, _attempts);
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

    public void OnSending(SipRequest request, SipFlow flow)
    {
        _sawProvisional = false;
        _call.State = SipCallState.Calling;
        _early.Clear();
        _heard = null;
        _call.BeginOutgoing(request, flow);
        request.Contact = _call.CreateContact(flow);
    }

    public void OnProvisional(SipResponse response)
    {
        _sawProvisional = true;
        if (_givenUp is not null)
        {
            if (!_isCancelSent)
                SendCancel();
            return;
        }

        if (IsDone || (response.StatusCode > 100 && response.To.Tag is { } tag && !TryHear(response, tag)))
            return; // over; a repeat, or one that has to wait for its turn

        _call.State = response.StatusCode is 180 or 183 ? SipCallState.Ringing : _call.State == SipCallState.Ringing ? SipCallState.Ringing : SipCallState.Proceeding;
        _wanted.OnProvisional?.Invoke(response);
    }

    public void OnFinal(SipResponse response)
    {
        if (response.IsSuccess)
        {
            _sawFinal = true;
            _cancelLimit.Stop();
            OnSuccess(response);
        }
        else if (_givenUp is not null || IsDone || !_retries.TryAgain(response))
        {
            _sawFinal = true;
            _cancelLimit.Stop();
            if (_givenUp is { } givenUp && (response.StatusCode == 487 || givenUp.IsOurRefusal))
                Finish(givenUp.Status, givenUp.Reason, response, givenUp.Cause);
            else
                Finish(response.StatusCode, response.ReasonPhrase, response, SipCallEndCause.Rejected);
        }
    }

    public void OnFailed(ClientFailure failure)
    {
        if (_givenUp is { } givenUp)
            Finish(givenUp.Status, givenUp.Reason, null, givenUp.Cause);
        else if (!IsDone && _retries.TryAgainAfterSilence())
            return;
        else if (failure == ClientFailure.TimedOut)
            Finish(408, SipReasonPhrases.Get(408), null, SipCallEndCause.TimedOut);
        else
            Finish(503, "Not Reachable", null, SipCallEndCause.TransportFailed);
    }

    /// <summary>Section 9.1: at once when a provisional response has come, else as soon as one comes.</summary>
    public void Cancel() => GiveUp(GivenUp.Cancelled);

    /// <summary>The call ended, by whoever: its result must not be awaited for ever.</summary>
    public void Ended(SipCallEnd end)
    {
        _attempts.Stop();
        if (end.Cause == SipCallEndCause.EndpointClosed)
            _cancelLimit.Stop(); // else it still bounds an INVITE that the callee has not answered
        _result.TrySetResult(new SipCallResult(null, end.StatusCode ?? 503, end.Cause.ToString()));
    }

    public void Fail()
    {
        _attempts.Stop();
        if (!_sawFinal && _sawProvisional && !_isCancelSent)
            SendCancel();
        else if (!_sawFinal && !_isCancelSent)
            _attempts.Transaction?.Terminate();
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
        _attempts.Digest = _wanted.Digest ?? (_wanted.Credentials is { } credentials ? new DigestClient(credentials) : null);
        _attempts.Start(RouteSet.NextHop(RouteSet.Of(_wanted.Proxy, _wanted.Routes), _wanted.To), CreateInvite);
    }

    private SipRequest CreateInvite(SipFlow flow)
    {
        var (host, _) = _stack.Transports.SentBy(flow);
        var from = (_wanted.From ?? new SipNameAddress(new SipUri("anonymous", host))).WithoutTag().WithTag(SipIdentifiers.NewTag());
        var target = _wanted.To.WithoutHeaders();
        var invite = SipRequest.Create(SipMethods.Invite, target, from, new SipNameAddress(target), _wanted.CallId ?? SipIdentifiers.NewCallId(), 1);
        RouteSet.Put(invite, RouteSet.Of(_wanted.Proxy, _wanted.Routes), target);
        invite.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        _stack.Capabilities.PutAllow(invite);
        _stack.Capabilities.PutSupported(invite);
        SipCapabilities.PutAccept(invite);
        _call.SessionTimer.Put(invite);
        if (_stack.Options.ReliableProvisionals == SipReliableProvisionals.Required)
            invite.Headers.Add(SipHeaderNames.Require, ReliableProvisionals.Extension);
        if (_wanted.Expires is { } expires)
            invite.Headers.Set(SipHeaderNames.Expires, ((long)expires.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in _wanted.Headers)
            invite.Headers.Add(name, value);
        _call.Negotiator = _wanted.Negotiator;
        if (!_wanted.LateOffer)
            SdpBody.Put(invite, _offer = _wanted.Negotiator.CreateOffer());
        return invite;
    }

    /// <summary>A response of an early dialog; false when it is not to be heard: because it was, or because another one is missing before it.</summary>
    private bool TryHear(SipResponse response, string tag)
    {
        if (FindOrAddEarly(response, tag) is not { } early)
            return true; // more branches than anybody rings: heard, but without a session
        var session = SdpBody.Read(response, out _);
        if (EarlyDialog.SequenceOf(response) is not { } sequence)
        {
            // A preview of one branch's answer must not take the place of a session that another one has agreed on.
            if (session is not null && _heard is null && early.Preview(session))
                _heard = early;
            return true;
        }

        if (!early.TryTake(sequence))
            return false;
        if (session is null || early.TryNegotiate(session))
        {
            if (session is not null)
                _heard = early;
            early.Acknowledge();
            return true;
        }

        early.Acknowledge(); // acknowledged it must be, whatever becomes of it
        if (_early.Count == 1)
            GiveUp(GivenUp.NoSession);
        return true;
    }

    private EarlyDialog? FindOrAddEarly(SipResponse response, string tag)
    {
        if (_early.TryGetValue(tag, out var known))
            return known;
        if (_early.Count >= MostEarlyDialogs)
            return null;
        var dialog = CreateDialog(response);
        var early = new EarlyDialog(
            _stack, _call.Mailbox, dialog, OfferAnswerState.OfOurInvite(_wanted.Negotiator, _offer), _attempts.Transaction!.Request.CSeq);
        _early.Add(tag, early);
        _call.AddEarlyDialog(dialog, early.Offers);
        _call.Abilities.Learn(response);
        return early;
    }

    private SipDialog CreateDialog(SipResponse response)
    {
        var transaction = _attempts.Transaction!;
        var dialog = SipDialog.OfOutgoing(transaction.Request, response, transaction.Flow);
        dialog.Digest = _attempts.Digest;
        return dialog;
    }

    private void OnSuccess(SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (_acks.TryGetValue(tag, out var acknowledged))
        {
            _stack.Counters.Increment(SipCounter.ResponseRetransmissionsAbsorbed);
            acknowledged.Send();
        }
        else if (_acks.Count >= MostEarlyDialogs)
        {
            _stack.Counters.Increment(SipCounter.ResponsesUnmatched); // nobody has so many telephones
        }
        else if (_acks.Count > 0 || _givenUp is not null || IsDone)
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
        _attempts.Stop();
        var early = _early.GetValueOrDefault(tag);
        var dialog = Confirmed(response, early);
        var offers = early?.Offers ?? OfferAnswerState.OfOurInvite(_wanted.Negotiator, _offer);
        bool isAgreed = false;
        SessionDescription? answer = null;
        try
        {
            (isAgreed, answer) = Negotiate(response, early, offers);
        }
        finally
        {
            // A negotiator that throws ends the call by BYE, and that wants an acknowledged dialog.
            Acknowledge(dialog, tag, answer);
            _call.Establish(dialog, offers, response);
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

    private SipDialog Confirmed(SipResponse response, EarlyDialog? early)
    {
        if (early is null)
            return CreateDialog(response);
        early.Dialog.Confirm(response, _attempts.Transaction!.Flow);
        return early.Dialog;
    }

    /// <summary>
    /// The answer to our offer, which an early one may have brought already, or our answer to the late offer. What the 2xx says after an
    /// agreement in a reliable response is that again, and is not looked at (section 13.2.1).
    /// </summary>
    private (bool IsAgreed, SessionDescription? Answer) Negotiate(SipResponse response, EarlyDialog? early, OfferAnswerState offers)
    {
        var session = SdpBody.Read(response, out _) ?? early?.Previewed;
        switch (offers.MeaningInResponse())
        {
            case SdpMeaning.Answer:
                return (session is not null && offers.Accept(session), null);
            case SdpMeaning.Offer when session is not null && _wanted.LateOffer:
                offers.Receive(session, OfferCarrier.Success);
                var answer = offers.Answer();
                return (answer is not null, answer);
            case SdpMeaning.Repeat when offers.HasAgreed:
                return (_heard == early || Return(offers), null);
            default:
                return (false, null);
        }
    }

    /// <summary>Another branch was heard last: the negotiator goes back to the session of the one that answered.</summary>
    private bool Return(OfferAnswerState offers) =>
        _wanted.LateOffer ? _wanted.Negotiator.Answer(offers.Remote!) is not null : _wanted.Negotiator.Accept(offers.Remote!);

    /// <summary>A 2xx that nobody waits for: of a second fork, or one that crossed our CANCEL. ACK, then BYE (section 13.2.2.4).</summary>
    private void Release(SipResponse response, string tag)
    {
        var dialog = Confirmed(response, _early.GetValueOrDefault(tag));
        Acknowledge(dialog, tag, answer: null);
        _stack.Counters.Increment(SipCounter.ForkedAnswersReleased);
        if (!_endedEarly.Contains(tag))
            new OutgoingRequest(_stack, _call.Mailbox, static (_, _) => { }).Send(dialog, SipMethods.Bye);
        if (_givenUp is { } givenUp)
            Finish(givenUp.Status, givenUp.Reason, response, givenUp.Cause);
    }

    private void Acknowledge(SipDialog dialog, string tag, SessionDescription? answer)
    {
        var invite = _attempts.Transaction!.Request;
        var ack = new SentAck(_stack, _call.Mailbox, dialog, invite.CSeq.Number, answer, invite);
        _acks[tag] = ack;
        ack.Send();
    }

    private void GiveUp(GivenUp why)
    {
        if (IsDone || _isCancelSent)
            return;
        _givenUp ??= why;
        _attempts.Stop();
        if (_attempts.Transaction is not { IsTerminated: false })
        {
            Finish(why.Status, why.Reason, null, why.Cause); // nothing is under way
            return;
        }

        if (_call.State != SipCallState.Ended)
            _call.State = SipCallState.Ending;
        if (_sawProvisional)
            SendCancel();
    }

    private void SendCancel()
    {
        if (_attempts.Transaction is not { IsTerminated: false } transaction)
            return; // the last attempt is over and the next one not yet under way
        _isCancelSent = true;
        var cancel = transaction.Request.CreateCancel();
        cancel.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        _cancelLimit.Start(_stack.Timers.TransactionLimit);
        new NonInviteClientTransaction(cancel, transaction.Flow, _stack.Transactions, _call.Mailbox, DiscardResponses.Instance).Start();
    }

    /// <summary>Section 9.1: no final response 64*T1 after the CANCEL; the INVITE counts as cancelled.</summary>
    private void OnCancelUnanswered()
    {
        _attempts.Transaction?.Terminate();
        OnFailed(ClientFailure.TimedOut);
    }

    private void Finish(int status, string reason, SipResponse? response, SipCallEndCause cause)
    {
        _attempts.Stop();
        _result.TrySetResult(new SipCallResult(null, status, reason, response));
        _call.End(new SipCallEnd(cause, status, response is null ? null : SipReason.HeaderOf(response)));
    }
}
