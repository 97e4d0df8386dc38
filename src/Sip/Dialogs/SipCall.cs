using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// One call: the INVITE dialog and its session, incoming or outgoing. Everything that changes it runs in its mailbox, one thing
/// after another; the public members may be called from any thread, and from within the handler's callbacks.
/// </summary>
public sealed class SipCall
{
    private readonly SipStack _stack;
    private readonly DialogRequests _requests;
    private readonly PendingAcks _acks;
    private readonly OutgoingReferrals _referrals;
    private readonly HashSet<DialogId> _dialogIds = [];
    private readonly TaskCompletionSource<SipCallEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<bool>? _answering;
    private IncomingInvite? _incoming;
    private OutgoingInvite? _outgoing;
    private OutgoingReInvite? _reInvite;
    private SipFlow? _flow;
    private string? _hangUpWhenAcknowledged;
    private bool _isHangUpWanted;
    private SipCallEndCause _endCause;
    private volatile SipCallState _state;

    private SipCall(SipStack stack, bool isIncoming)
    {
        _stack = stack;
        IsIncoming = isIncoming;
        Mailbox = new Mailbox(OnFault);
        _requests = new DialogRequests(this, stack);
        _referrals = new OutgoingReferrals(this, stack);
        _acks = new PendingAcks(stack, OnAcknowledged, OnUnacknowledged);
        _state = isIncoming ? SipCallState.Proceeding : SipCallState.Calling;
    }

    public string CallId => Invite.CallId;

    public bool IsIncoming { get; }

    /// <summary>The INVITE that began the call.</summary>
    public SipRequest Invite { get; private set; } = null!;

    public SipUri LocalUri => (IsIncoming ? Invite.To : Invite.From).Uri;

    public SipUri RemoteUri => (IsIncoming ? Invite.From : Invite.To).Uri;

    public SipNameAddress From => Invite.From;

    public SipNameAddress To => Invite.To;

    /// <summary>Where the INVITE came from or went to.</summary>
    public IPEndPoint PeerEndPoint { get; private set; } = null!;

    public SipTransportKind Transport { get; private set; }

    /// <summary>Our address on the way to the peer.</summary>
    public IPAddress LocalAddress { get; private set; } = null!;

    public SipCallState State
    {
        get => _state;
        internal set => _state = value;
    }

    /// <summary>How the call ended, once it has.</summary>
    public Task<SipCallEnd> Completion => _completion.Task;

    internal Mailbox Mailbox { get; }

    internal string LocalTag { get; private set; } = SipIdentifiers.NewTag();

    /// <summary>Null for an outgoing call before its answer.</summary>
    internal SipDialog? Dialog { get; private set; }

    internal ISessionNegotiator? Negotiator { get; set; }

    internal bool HasPendingIncomingInvite => _incoming is { IsPending: true };

    internal bool HasPendingOutgoingInvite => _reInvite is { IsPending: true } || (!IsIncoming && Dialog is null);

    /// <summary>2xx that we sent and whose ACK is due.</summary>
    internal PendingAcks Acks => _acks;

    internal OutgoingReferrals Referrals => _referrals;

    /// <summary>Sends 180, or 183 with early media. Nothing happens once the call is answered, cancelled or rejected.</summary>
    public void Ring(SessionDescription? earlyMedia = null) => Mailbox.Post(() => _incoming?.Ring(earlyMedia));

    /// <summary>
    /// Sends 200, repeated until ACK. True at the ACK; false when the call ended first: it was cancelled or hung up, no ACK came
    /// (BYE has been sent), or the negotiator found no session (488).
    /// </summary>
    public Task<bool> AnswerAsync(ISessionNegotiator negotiator)
    {
        ArgumentNullException.ThrowIfNull(negotiator);
        var answering = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() =>
        {
            if (_incoming is not { IsPending: true } || _state == SipCallState.Ended)
            {
                answering.TrySetResult(false);
                return;
            }

            Negotiator = negotiator;
            _answering = answering;
            _incoming.Answer(negotiator);
        });
        return answering.Task;
    }

    /// <summary>Refuses an incoming call. Nothing happens once it is answered or over.</summary>
    /// <exception cref="ArgumentException">The status is not 300 to 699, or a header would not stay on its line.</exception>
    public void Reject(int status, string? reason = null, params (string Name, string Value)[] headers)
    {
        if (status is < 300 or > 699)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A rejection has a status of 300 to 699.");
        CheckHeaders(headers);
        Mailbox.Post(() => _incoming?.Refuse(status, reason, headers, SipCallEndCause.Rejected));
    }

    /// <summary>
    /// Ends the call as its state wants it: rejection with 480, CANCEL, or BYE, which after an unacknowledged 200 waits for the
    /// ACK (RFC 3261 section 15). Completes with the call.
    /// </summary>
    /// <param name="reasonHeader">A Reason header's value (RFC 3326), for example <c>SIP;cause=200;text="done"</c>.</param>
    /// <exception cref="ArgumentException">The reason would not stay on its line.</exception>
    public Task HangUpAsync(string? reasonHeader = null)
    {
        if (reasonHeader is not null)
            CheckHeaders([(SipHeaderNames.Reason, reasonHeader)]);
        Mailbox.Post(() => HangUp(reasonHeader));
        return Completion;
    }

    /// <summary>
    /// Offers the session anew: hold, resume, another address. A crossing re-INVITE (491) is tried again after the pause of
    /// RFC 3261 section 14.1. A refusal leaves the session as it was, and 481 or silence ends the call.
    /// </summary>
    public Task<SipCallResult> ReInviteAsync()
    {
        var result = new TaskCompletionSource<SipCallResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() =>
        {
            if (_state != SipCallState.Established || Negotiator is null)
            {
                result.TrySetResult(new SipCallResult(null, 481, SipReasonPhrases.Get(481)));
                return;
            }

            if (_reInvite is { IsDone: false })
            {
                result.TrySetResult(new SipCallResult(null, 491, SipReasonPhrases.Get(491)));
                return;
            }

            _reInvite = new OutgoingReInvite(this, _stack, result);
            _reInvite.Try();
        });
        return result.Task;
    }

    /// <summary>A request within the dialog, such as INFO or REFER. Null when nothing came back; 481 also ends the call.</summary>
    /// <exception cref="ArgumentException">INVITE, ACK, CANCEL and BYE have ways of their own; or a header would not stay on its line.</exception>
    public Task<SipResponse?> SendRequestAsync(
        string method, IReadOnlyList<(string Name, string Value)>? headers = null, string? contentType = null, ReadOnlyMemory<byte> body = default)
    {
        if (method is SipMethods.Invite or SipMethods.Ack or SipMethods.Cancel or SipMethods.Bye)
            throw new ArgumentException($"{method} is not sent this way.", nameof(method));
        CheckHeaders(headers ?? []);
        var result = new TaskCompletionSource<SipResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Mailbox.Post(() => SendRequest(method, headers ?? [], contentType, body, result));
        return result.Task;
    }

    /// <summary>
    /// Asks the peer to call somebody else instead (REFER, RFC 3515). Completes when it has said how that ended, or that it will
    /// not; a peer may never say so, therefore wait with a limit. The call stays as it is: after a success it is ours to hang up.
    /// </summary>
    /// <param name="target">Whom the peer is to call.</param>
    /// <param name="progress">Told each provisional status that the peer reports; in the call's mailbox.</param>
    public Task<SipReferralResult> ReferAsync(SipUri target, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        var referral = new OutgoingReferral(target, progress);
        Mailbox.Post(() => _referrals.Send(referral));
        return referral.Result;
    }

    public override string ToString() =>
        $"{(IsIncoming ? "incoming" : "outgoing")} call {Invite?.CallId} {_state} ({Transport.UriName()}:{PeerEndPoint})";

    internal static SipCall CreateIncoming(SipStack stack, SipRequest invite, SipFlow flow)
    {
        var call = new SipCall(stack, isIncoming: true) { Invite = invite };
        call.Dialog = SipDialog.OfIncoming(invite, call.LocalTag, flow);
        call.Bind(flow);
        return call;
    }

    internal static SipCall CreateOutgoing(SipStack stack, OutgoingInvite outgoing) =>
        new(stack, isIncoming: false) { _outgoing = outgoing };

    internal static void CheckHeaders(IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!SipHeaders.IsValid(name, value))
                throw new ArgumentException($"The header {name} cannot be written.", nameof(headers));
        }
    }

    internal void BeginIncoming(InviteServerTransaction transaction)
    {
        _incoming = new IncomingInvite(this, _stack, transaction);
        _flow!.AddUse();
        AddDialog(Dialog!.Id);
        _incoming.Trying();
        if (_stack.IsStopping)
            Abandon();
        else
            _stack.Handler!.OnInvite(this);
    }

    internal void BeginOutgoing(SipRequest invite, SipFlow flow)
    {
        Invite = invite;
        LocalTag = invite.From.Tag!;
        Bind(flow);
        flow.AddUse();
    }

    internal void Establish(SipDialog dialog)
    {
        Dialog = dialog;
        foreach (var id in _dialogIds)
            _stack.Calls.RemoveDialog(id, this);
        _dialogIds.Clear();
        AddDialog(dialog.Id);
        _state = SipCallState.Established;
    }

    /// <summary>Requests within this dialog come here from now on; an outgoing call may have several early dialogs.</summary>
    internal void AddDialog(in DialogId id)
    {
        if (_dialogIds.Add(id))
            _stack.Calls.AddDialog(id, this);
    }

    /// <summary>A response that establishes or confirms the dialog: with Contact, and what we allow (sections 12.1.1 and 13.3.1.4).</summary>
    internal SipResponse CreateDialogResponse(SipRequest request, int status)
    {
        var response = _stack.CreateResponse(request, status, toTag: LocalTag);
        response.Contact = _stack.CreateContact(Dialog!.Flow, LocalUri.User);
        _stack.Capabilities.PutAllow(response);
        _stack.Capabilities.PutSupported(response);
        return response;
    }

    internal void ReceiveRequest(ServerTransaction transaction, SipFlow flow) => _requests.Receive(transaction, flow);

    internal void ReceiveBye(SipRequest bye)
    {
        var reason = bye.Headers.Get(SipHeaderNames.Reason);
        if (_incoming is { IsPending: true })
            _incoming.Refuse(487, null, [], SipCallEndCause.Cancelled); // BYE in the early dialog (section 15.1.2)
        else if (Dialog is null)
            _outgoing!.ReceiveEarlyBye(bye);
        else if (_state == SipCallState.Ending)
            End(new SipCallEnd(_endCause, ReasonHeader: reason)); // the two BYEs crossed; ours will be answered 481 or not at all
        else
            End(new SipCallEnd(SipCallEndCause.RemoteBye, ReasonHeader: reason));
    }

    /// <summary>Sends BYE; the call ends with its answer, whatever that is (section 15.1.1).</summary>
    internal void SendBye(SipCallEndCause cause, string? reasonHeader = null)
    {
        if (Dialog is null || _state == SipCallState.Ended || (_state == SipCallState.Ending && !_isHangUpWanted))
            return;
        _isHangUpWanted = false;
        _state = SipCallState.Ending;
        _endCause = cause;
        StopWaiting();
        new OutgoingRequest(_stack, Mailbox, (response, _) => End(new SipCallEnd(cause, response?.StatusCode, reasonHeader))).Send(
            Dialog,
            SipMethods.Bye,
            bye =>
            {
                if (reasonHeader is not null)
                    bye.Headers.Add(SipHeaderNames.Reason, reasonHeader);
            });
    }

    /// <summary>A request within the dialog, which must be established; completes with its final response, or null.</summary>
    internal void SendRequest(string method, Action<SipRequest> decorate, Action<SipResponse?> completed) =>
        new OutgoingRequest(_stack, Mailbox, (response, _) =>
        {
            completed(response);
            if (response?.StatusCode == 481)
                End(new SipCallEnd(SipCallEndCause.DialogLost, 481)); // section 12.2.1.2
        }).Send(Dialog!, method, request =>
        {
            if (method is SipMethods.Refer or SipMethods.Update or SipMethods.Subscribe or SipMethods.Notify)
                request.Contact = _stack.CreateContact(Dialog!.Flow, LocalUri.User);
            decorate(request);
        });

    internal void End(SipCallEnd end)
    {
        if (_state == SipCallState.Ended)
            return;
        _state = SipCallState.Ended;
        end = end with { IsTransferred = _referrals.HasSucceeded };
        StopWaiting();
        _referrals.CallEnded();
        _incoming?.Stop();
        _reInvite?.Stop();
        _outgoing?.Ended(end);
        foreach (var id in _dialogIds)
            _stack.Calls.RemoveDialog(id, this);
        _stack.Calls.Remove(this);
        _flow?.ReleaseUse();
        _completion.TrySetResult(end);
    }

    /// <summary>The endpoint goes: tell the peer once, wait for nothing.</summary>
    internal void Abandon() => Mailbox.Post(() =>
    {
        if (_incoming is { IsPending: true })
            _incoming.Refuse(503, null, [], SipCallEndCause.EndpointClosed);
        else if (Dialog is null)
            _outgoing?.Cancel();
        else
            SendBye(SipCallEndCause.EndpointClosed);
        End(new SipCallEnd(SipCallEndCause.EndpointClosed));
    });

    private void HangUp(string? reasonHeader)
    {
        switch (_state)
        {
            case SipCallState.Ending or SipCallState.Ended:
                break;
            case SipCallState.Answered:
                _isHangUpWanted = true;
                _hangUpWhenAcknowledged = reasonHeader;
                _state = SipCallState.Ending;
                break;
            default:
                if (_incoming is { IsPending: true })
                    _incoming.Refuse(480, null, reasonHeader is null ? [] : [(SipHeaderNames.Reason, reasonHeader)], SipCallEndCause.Rejected);
                else if (Dialog is null)
                    _outgoing?.Cancel();
                else
                    SendBye(SipCallEndCause.LocalBye, reasonHeader);
                break;
        }
    }

    private void OnAcknowledged(AcceptedInvite accepted, SipRequest ack)
    {
        if (_isHangUpWanted)
        {
            SendBye(SipCallEndCause.LocalBye, _hangUpWhenAcknowledged);
            return;
        }

        if (accepted.AwaitsAnswer && (SdpBody.Read(ack, out _) is not { } answer || !Negotiator!.Accept(answer)))
        {
            SendBye(SipCallEndCause.NegotiationFailed, "SIP;cause=488;text=\"No usable answer in ACK\"");
            return;
        }

        if (_state == SipCallState.Answered)
            _state = SipCallState.Established;
        _answering?.TrySetResult(true);
    }

    private void OnUnacknowledged(AcceptedInvite accepted)
    {
        _stack.Counters.Increment(SipCounter.CallsWithoutAck);
        SendBye(_isHangUpWanted ? SipCallEndCause.LocalBye : SipCallEndCause.NoAck, "SIP;cause=408;text=\"No ACK\"");
    }

    private void SendRequest(
        string method, IReadOnlyList<(string Name, string Value)> headers, string? contentType, ReadOnlyMemory<byte> body, TaskCompletionSource<SipResponse?> result)
    {
        if (_state != SipCallState.Established)
        {
            result.TrySetResult(null);
            return;
        }

        SendRequest(
            method,
            request =>
            {
                foreach (var (name, value) in headers)
                    request.Headers.Add(name, value);
                if (contentType is not null)
                    request.SetBody(contentType, body);
            },
            result.SetResult);
    }

    private void StopWaiting()
    {
        _acks.Stop();
        _answering?.TrySetResult(false);
    }

    private void Bind(SipFlow flow)
    {
        _flow = flow;
        PeerEndPoint = flow.RemoteEndPoint;
        Transport = flow.Kind;
        LocalAddress = flow.LocalEndPoint.Address;
    }

    /// <summary>Our code threw: this call ends, with 500 or BYE, and nothing else does.</summary>
    private void OnFault(Exception exception)
    {
        _stack.OnFault(exception);
        try
        {
            if (_incoming is { IsPending: true })
                _incoming.Refuse(500, null, [], SipCallEndCause.Faulted);
            else if (Dialog is null)
                _outgoing?.Fail();
            else
                SendBye(SipCallEndCause.Faulted, "SIP;cause=500");
        }
        catch (Exception again)
        {
            _stack.OnFault(again);
            End(new SipCallEnd(SipCallEndCause.Faulted));
        }
    }
}
