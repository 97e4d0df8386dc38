namespace VoiceGateway.Sip;

/// <summary>
/// RFC 3261 section 17.1.1 with the Accepted state of RFC 6026 section 7.2:
/// <code>
/// Calling --1xx--> Proceeding --300-699: ACK--> Completed --D--> (end)
///    |                 +--2xx--> Accepted --M--> (end)
///    +--B, nothing came--> (end)
/// </code>
/// The ACK of a 2xx is the dialog's, not this transaction's.
/// </summary>
internal sealed class InviteClientTransaction : ClientTransaction
{
    private readonly MailboxTimer _repeat; // A
    private readonly MailboxTimer _end; // B, D or M, by state
    private TimeSpan _interval;
    private byte[] _ack = [];

    public InviteClientTransaction(SipRequest request, SipFlow flow, TransactionContext context, Mailbox mailbox, IClientTransactionUser user)
        : base(request, flow, context, mailbox, user)
    {
        _repeat = new MailboxTimer(context.Time, mailbox, OnRepeatDue);
        _end = new MailboxTimer(context.Time, mailbox, OnEnd);
    }

    public InviteClientState State { get; private set; }

    protected override bool HasHeard => State != InviteClientState.Calling;

    public override bool IsAnswered => State is not (InviteClientState.Calling or InviteClientState.Proceeding);

    public override void Start()
    {
        if (!SendFirst())
            return;
        _end.Start(Context.Timers.TransactionLimit); // timer B
        if (Flow.IsReliable)
            return;
        _interval = Context.Timers.T1;
        _repeat.Start(_interval);
    }

    public override void Receive(SipResponse response)
    {
        switch (State)
        {
            case InviteClientState.Calling or InviteClientState.Proceeding when response.StatusCode < 200:
                State = InviteClientState.Proceeding;
                _repeat.Stop();
                _end.Stop(); // how long it may ring is the caller's decision
                User.OnResponse(response);
                break;
            case InviteClientState.Calling or InviteClientState.Proceeding when response.StatusCode < 300:
                State = InviteClientState.Accepted;
                _repeat.Stop();
                _end.Start(Context.Timers.TransactionLimit); // timer M
                User.OnResponse(response);
                break;
            case InviteClientState.Calling or InviteClientState.Proceeding:
                State = InviteClientState.Completed;
                _repeat.Stop();
                SendAck(response);
                if (Flow.IsReliable)
                    Terminate(); // timer D is zero
                else
                    _end.Start(Context.Timers.D);
                User.OnResponse(response);
                break;
            case InviteClientState.Accepted when response.StatusCode is >= 200 and < 300:
                User.OnResponse(response);
                break;
            case InviteClientState.Completed when response.StatusCode >= 300:
                Absorb();
                Flow.Send(_ack);
                break;
            default:
                Absorb();
                break;
        }
    }

    protected override void StopTimers()
    {
        State = InviteClientState.Terminated;
        _repeat.Stop();
        _end.Stop();
    }

    /// <summary>RFC 3261 section 17.1.1.3: same branch, same route, the To of the response.</summary>
    private void SendAck(SipResponse response)
    {
        _ack = Request.CreateAck(response).ToBytes();
        Context.Counters.Increment(SipCounter.RequestsSent);
        Flow.Send(_ack);
    }

    private void OnRepeatDue()
    {
        Repeat();
        if (IsTerminated)
            return;
        _interval = 2 * _interval; // timer A doubles without a ceiling: timer B ends it
        _repeat.Start(_interval);
    }

    private void OnEnd()
    {
        if (State == InviteClientState.Calling)
            TimeOut();
        else
            Terminate();
    }
}
