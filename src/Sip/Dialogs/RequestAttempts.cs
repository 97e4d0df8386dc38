namespace VoiceGateway.Sip;

/// <summary>
/// One request outside of a dialog, hop after hop and challenge after challenge, until there is an outcome. Runs in a mailbox.
/// <code>
/// hop 1 --silence, transport error, 503--> hop 2 --401, 407--> hop 2, CSeq + 1, with credentials --> outcome
/// </code>
/// A further hop gets the same request but for its branch (RFC 3263 section 4.3), an answer to a challenge the next CSeq
/// (RFC 3261 section 22.2). Call-ID, From and To stay the same throughout (section 8.1.3.5).
/// </summary>
internal sealed class RequestAttempts : IClientTransactionUser
{
    /// <summary>Proxies on the way may each want credentials, and a nonce may be stale; but nobody may keep us busy for ever.</summary>
    private const int MostChallenges = 6;

    private readonly SipStack _stack;
    private readonly Mailbox _mailbox;
    private readonly IRequestAttemptsUser _user;
    private readonly MailboxTimer _silence;
    private HopSequence _hops = HopSequence.Empty;
    private SipUri? _nextHop;
    private Func<SipFlow, SipRequest>? _create;
    private SipFlow? _narrow;
    private LeftInvite? _invite;
    private SipResponse? _response;
    private ClientFailure _failure = ClientFailure.TransportFailed;
    private int _challenges;
    private bool _isPreauthorized;
    private bool _sawResponse;
    private bool _sawRinging;
    private bool _isReopened;
    private bool _isStopped;

    public RequestAttempts(SipStack stack, Mailbox mailbox, IRequestAttemptsUser user)
    {
        _stack = stack;
        _mailbox = mailbox;
        _user = user;
        _silence = new MailboxTimer(stack.Time, mailbox, OnSilence);
    }

    public DigestClient? Digest { get; set; }

    /// <summary>The latest attempt; null before the first, and while the way of the next one is sought.</summary>
    public ClientTransaction? Transaction { get; private set; }

    /// <summary>The request of the latest attempt, whether it is under way or not.</summary>
    public SipRequest? Request { get; private set; }

    public SipFlow? Flow { get; private set; }

    /// <param name="nextHop">Where it goes first.</param>
    /// <param name="create">Makes the request once there is a way for it.</param>
    public void Start(SipUri nextHop, Func<SipFlow, SipRequest> create)
    {
        _create = create;
        Locate(nextHop);
    }

    /// <summary>Along a flow that is there; if that does not do there is no other.</summary>
    public void Start(SipFlow flow, Func<SipFlow, SipRequest> create)
    {
        _create = create;
        Send(flow, isAuthorized: false);
    }

    /// <summary>The same request once more by the same way, changed as a refusal asked for, with the next CSeq.</summary>
    public void Again(Action<SipRequest> change)
    {
        Prepare(change);
        Resend(isAuthorized: false);
    }

    /// <summary>The same request to another target (RFC 3261 section 8.1.3.4), with the next CSeq.</summary>
    public void Redirect(SipUri nextHop, Action<SipRequest> change)
    {
        Prepare(change);
        Locate(nextHop);
    }

    /// <summary>No further attempt: what is under way may still end.</summary>
    public void Stop()
    {
        _isStopped = true;
        _silence.Stop();
    }

    public void OnResponse(SipResponse response)
    {
        _sawResponse = true;
        _silence.Stop();
        _sawRinging |= response.StatusCode is > 100 and < 200;
        if (response.StatusCode is > 100 and < 300)
            Digest?.Passed(Transaction!.Request);
        if (response.IsProvisional)
        {
            _user.OnProvisional(response);
            return;
        }

        if (response.StatusCode == 503)
        {
            _hops.Failed(RetryAfter.Read(response));
            _response = response;
            if (TryNextHop())
                return;
        }
        else
        {
            _hops.Succeeded();
            if (!_isStopped && TryAnswerChallenge(response))
                return;
        }

        _user.OnFinal(response);
    }

    /// <summary>RFC 3263 section 4.3: a hop has failed by silence only when it never said anything.</summary>
    public void OnFailed(ClientFailure failure)
    {
        _silence.Stop();
        _failure = failure;
        _response = null;
        if (!_sawResponse)
        {
            if (failure == ClientFailure.TransportFailed && (TryReopen() || TryNarrow()))
                return;
            _hops.Failed();
            if (TryNextHop())
                return;
        }

        _user.OnFailed(failure);
    }

    /// <summary>Whoever rang somebody is not asked again elsewhere: that would ring twice.</summary>
    private bool TryNextHop()
    {
        if (_isStopped || _sawRinging || _stack.IsStopping || !_hops.HasMore)
            return false;
        _stack.Counters.Increment(SipCounter.HopsFailedOver);
        NextHop();
        return true;
    }

    /// <summary>
    /// A connection of before may be closed by the peer in the moment in which we use it again. That says nothing about the peer: it gets
    /// the request once more, on a new connection.
    /// </summary>
    private bool TryReopen()
    {
        if (_isReopened || _isStopped || _stack.IsStopping || _nextHop is null || Flow is not { IsReliable: true })
            return false;
        _isReopened = true;
        Locate(_nextHop);
        return true;
    }

    /// <summary>
    /// A peer that takes a connection and lets nothing through it, as some do that only speak UDP, gets by UDP what was too large for it
    /// (RFC 3261 section 18.1.1).
    /// </summary>
    private bool TryNarrow()
    {
        if (_narrow is not { } flow || _isStopped || _stack.IsStopping)
            return false;
        _narrow = null;
        _stack.Transports.StayWithUdp(flow);
        Send(Prepare(flow, isAuthorized: false), flow);
        return true;
    }

    /// <summary>Another hop is there and this one says nothing at all: nobody listens to silence for 64*T1. But an INVITE may have arrived.</summary>
    private void OnSilence()
    {
        if (Transaction is not { IsAnswered: false, IsTerminated: false } silent)
            return;
        if (_invite is { } invite)
        {
            invite.Leave(silent, Digest);
        }
        else
        {
            silent.Terminate();
            _stack.Counters.Increment(SipCounter.ClientTransactionsTimedOut);
        }

        OnFailed(ClientFailure.TimedOut);
    }

    private void Locate(SipUri nextHop)
    {
        _nextHop = nextHop;
        Transaction = null;
        _stack.Locate(nextHop, _mailbox, hops =>
        {
            _hops = hops;
            NextHop();
        });
    }

    private void NextHop()
    {
        Transaction = null;
        if (_isStopped)
            return;
        _stack.OpenNext(_hops, _mailbox, flow =>
        {
            if (_isStopped)
                return;
            if (flow is not null)
            {
                Send(flow, isAuthorized: false);
                return;
            }

            _stack.Counters.Increment(SipCounter.SendFailures);
            if (_response is { } response)
                _user.OnFinal(response); // the last that was heard from anybody
            else
                _user.OnFailed(_failure);
        });
    }

    /// <summary>By the same way, unless the peer has closed it behind its refusal.</summary>
    private void Resend(bool isAuthorized)
    {
        if (Flow!.IsOpen)
            Send(Flow, isAuthorized);
        else if (_nextHop is { } nextHop)
            Locate(nextHop);
        else
            _user.OnFailed(ClientFailure.TransportFailed);
    }

    private void Send(SipFlow flow, bool isAuthorized)
    {
        Transaction = null; // of the last one nothing is left to wait for, and a connection may take its time
        if (flow != Flow)
            _narrow = null;
        var request = Prepare(flow, isAuthorized);
        if (flow.IsReliable)
        {
            Send(request, flow);
            return;
        }

        _stack.Widen(flow, request.ToBytes().Length, _mailbox, wider =>
        {
            if (_isStopped)
                return;
            if (wider == flow)
            {
                Send(request, flow);
                return;
            }

            _narrow = flow;
            Send(Prepare(wider, isAuthorized), wider);
        });
    }

    private SipRequest Prepare(SipFlow flow, bool isAuthorized)
    {
        var request = Request?.Clone() ?? _create!(flow);
        request.Headers.Remove(SipHeaderNames.Via);
        request.Headers.InsertFirst(SipHeaderNames.Via, _stack.CreateVia(flow).ToString());
        if (!isAuthorized && Digest is not null)
        {
            Digest.Preauthorize(request);
            _isPreauthorized = true;
        }

        return request;
    }

    private void Send(SipRequest request, SipFlow flow)
    {
        _sawResponse = _sawRinging = false;
        _user.OnSending(request, flow);
        Request = request;
        Flow = flow;
        if (_stack.Options.SilentHopLimit is { } limit && _hops.HasMore)
            _silence.Start(limit);
        if (!request.Body.IsEmpty)
            _hops.Prefer(flow.RemoteEndPoint.AddressFamily);
        _invite = request.Method == SipMethods.Invite ? new LeftInvite(_stack, _mailbox, this) : null;
        Transaction = _invite is not null
            ? new InviteClientTransaction(request, flow, _stack.Transactions, _mailbox, _invite)
            : new NonInviteClientTransaction(request, flow, _stack.Transactions, _mailbox, this);
        Transaction.Start();
    }

    private bool TryAnswerChallenge(SipResponse response)
    {
        if (Digest is null || response.StatusCode is not (401 or 407) || _challenges++ >= MostChallenges)
            return false;
        var again = Request!.Clone();
        if (!Digest.TryAuthorize(again, response))
        {
            // What was refused may have been a nonce of an earlier request, from a server that does not say stale.
            if (!_isPreauthorized || !Unauthorize(again) || !Digest.TryAuthorize(again, response))
                return false;
        }

        _isPreauthorized = false;
        Request = again;
        again.CSeq = NextSequence(again);
        Resend(isAuthorized: true);
        return true;
    }

    private void Prepare(Action<SipRequest> change)
    {
        var again = Request!.Clone();
        Unauthorize(again);
        again.CSeq = NextSequence(again);
        change(again);
        Request = again;
    }

    private static bool Unauthorize(SipRequest request) =>
        request.Headers.Remove(SipHeaderNames.Authorization) | request.Headers.Remove(SipHeaderNames.ProxyAuthorization);

    private static CSeq NextSequence(SipRequest request) => request.CSeq with { Number = request.CSeq.Number + 1 };
}
