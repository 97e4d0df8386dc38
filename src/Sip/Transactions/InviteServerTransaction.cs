namespace VoiceGateway.Sip;

/// <summary>
/// RFC 3261 section 17.2.1 with the Accepted state of RFC 6026 section 7.1:
/// <code>
/// Proceeding --300-699--> Completed --ACK--> Confirmed --I--> (end)
///     |                       +--H, no ACK--> (end)
///     +--2xx--> Accepted --L--> (end)
/// </code>
/// </summary>
internal sealed class InviteServerTransaction : ServerTransaction
{
    private readonly MailboxTimer _repeat; // G
    private readonly MailboxTimer _end; // H, I or L, by state
    private TimeSpan _interval;
    private long _acceptedAt;

    public InviteServerTransaction(SipRequest request, IResponsePath path, TransactionContext context, Mailbox mailbox)
        : base(request, path, context, mailbox)
    {
        _repeat = new MailboxTimer(context.Time, mailbox, OnRepeatDue);
        _end = new MailboxTimer(context.Time, mailbox, OnEnd);
    }

    public InviteServerState State { get; private set; }

    /// <summary>An ACK that came on this transaction's own branch after a 2xx (RFC 6026 section 7.1); it is the dialog's.</summary>
    public Action<SipRequest>? AcknowledgedAfter2xx { get; set; }

    /// <summary>The INVITE was cancelled before its final response (section 9.2); the CANCEL itself is answered already.</summary>
    public Action<SipRequest>? Cancelled { get; set; }

    /// <summary>The ACK of our 2xx has come, for which the dialog has waited: until timer L ends, only the INVITE itself may come again.</summary>
    public void Acknowledged()
    {
        if (State == InviteServerState.Accepted)
            Settle(Context.Timers.TransactionLimit - Context.Time.GetElapsedTime(_acceptedAt), repeatsAnswer: false);
    }

    public override void Receive(SipRequest request)
    {
        if (request.Method == SipMethods.Ack)
        {
            ReceiveAck(request);
            return;
        }

        Absorb();
        if (State is InviteServerState.Proceeding or InviteServerState.Completed)
            Repeat();
    }

    public override void Respond(SipResponse response)
    {
        switch (State)
        {
            case InviteServerState.Proceeding when response.StatusCode < 200:
                Send(response);
                break;
            case InviteServerState.Proceeding when response.StatusCode < 300:
                Send(response);
                State = InviteServerState.Accepted;
                _acceptedAt = Context.Time.GetTimestamp();
                _end.Start(Context.Timers.TransactionLimit); // timer L
                break;
            case InviteServerState.Proceeding:
                Send(response);
                State = InviteServerState.Completed;
                if (!Path.IsReliable)
                {
                    _interval = Context.Timers.T1;
                    _repeat.Start(_interval);
                }

                _end.Start(Context.Timers.TransactionLimit); // timer H
                break;
            case InviteServerState.Accepted when response.StatusCode is >= 200 and < 300:
                // 2xx repeats are the dialog's business (section 13.3.1.4), over any transport.
                Send(response);
                Context.Counters.Increment(SipCounter.ResponseRetransmissionsSent);
                break;
        }
    }

    protected override void StopTimers()
    {
        State = InviteServerState.Terminated;
        _repeat.Stop();
        _end.Stop();
    }

    private void ReceiveAck(SipRequest ack)
    {
        switch (State)
        {
            case InviteServerState.Completed:
                State = InviteServerState.Confirmed;
                _repeat.Stop();
                if (Path.IsReliable)
                    Terminate();
                else
                    _end.Start(Context.Timers.T4); // timer I
                break;
            case InviteServerState.Confirmed:
                Absorb();
                break;
            case InviteServerState.Accepted when AcknowledgedAfter2xx is { } acknowledged:
                acknowledged(ack);
                break;
            default:
                Context.Counters.Increment(SipCounter.AcksUnmatched);
                break;
        }
    }

    private void OnRepeatDue()
    {
        Repeat();
        _interval = Context.Timers.Next(_interval);
        _repeat.Start(_interval);
    }

    private void OnEnd()
    {
        if (State == InviteServerState.Completed)
            Context.Counters.Increment(SipCounter.FinalResponsesUnacknowledged);
        Terminate();
    }
}
