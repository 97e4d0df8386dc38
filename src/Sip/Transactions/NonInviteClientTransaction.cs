namespace VoiceGateway.Sip;

/// <summary>RFC 3261 section 17.1.2: Trying and Proceeding with timers E and F, Completed with timer K.</summary>
internal sealed class NonInviteClientTransaction : ClientTransaction
{
    private readonly MailboxTimer _repeat; // E
    private readonly MailboxTimer _limit; // F
    private readonly MailboxTimer _end; // K
    private TimeSpan _interval;
    private bool _isProceeding;
    private bool _isCompleted;

    public NonInviteClientTransaction(SipRequest request, SipFlow flow, TransactionContext context, Mailbox mailbox, IClientTransactionUser user)
        : base(request, flow, context, mailbox, user)
    {
        _repeat = new MailboxTimer(context.Time, mailbox, OnRepeatDue);
        _limit = new MailboxTimer(context.Time, mailbox, TimeOut);
        _end = new MailboxTimer(context.Time, mailbox, Terminate);
    }

    public override bool IsAnswered => _isCompleted;

    protected override bool HasHeard => _isProceeding || _isCompleted;

    public override void Start()
    {
        if (!SendFirst())
            return;
        _limit.Start(Context.Timers.TransactionLimit);
        if (Flow.IsReliable)
            return;
        _interval = Context.Timers.T1;
        _repeat.Start(_interval);
    }

    public override void Receive(SipResponse response)
    {
        if (_isCompleted || IsTerminated)
        {
            Absorb();
            return;
        }

        if (response.StatusCode < 200)
        {
            _isProceeding = true;
        }
        else
        {
            _isCompleted = true;
            StopTimers();
            if (Flow.IsReliable)
                Terminate();
            else
                _end.Start(Context.Timers.T4);
        }

        User.OnResponse(response);
    }

    protected override void StopTimers()
    {
        _repeat.Stop();
        _limit.Stop();
        _end.Stop();
    }

    private void OnRepeatDue()
    {
        Repeat();
        if (IsTerminated)
            return;
        _interval = _isProceeding ? Context.Timers.T2 : Context.Timers.Next(_interval);
        _repeat.Start(_interval);
    }
}
