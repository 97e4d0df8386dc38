namespace VoiceGateway.Sip;

/// <summary>
/// A 2xx that we sent, until its ACK comes: repeated at T1 doubling to T2 over any transport, given up after 64*T1
/// (RFC 3261 section 13.3.1.4).
/// </summary>
internal sealed class AcceptedInvite
{
    private readonly InviteServerTransaction _transaction;
    private readonly SipResponse _response;
    private readonly SipTimerOptions _timers;
    private readonly Action<AcceptedInvite, SipRequest> _acknowledged;
    private readonly MailboxTimer _repeat;
    private readonly MailboxTimer _limit;
    private TimeSpan _interval;

    public AcceptedInvite(
        InviteServerTransaction transaction, SipResponse response, TransactionContext context,
        Action<AcceptedInvite, SipRequest> acknowledged, Action<AcceptedInvite> unacknowledged)
    {
        _transaction = transaction;
        _response = response;
        _timers = context.Timers;
        _acknowledged = acknowledged;
        _repeat = new MailboxTimer(context.Time, transaction.Mailbox, OnRepeatDue);
        _limit = new MailboxTimer(context.Time, transaction.Mailbox, () =>
        {
            Stop();
            unacknowledged(this);
        });
    }

    /// <summary>Whether our offer went in the 2xx, so that the ACK has to bring the answer.</summary>
    public bool AwaitsAnswer { get; init; }

    public uint Sequence => _transaction.Request.CSeq.Number;

    public void Start()
    {
        _transaction.Respond(_response);
        _interval = _timers.T1;
        _repeat.Start(_interval);
        _limit.Start(_timers.TransactionLimit);
    }

    public void Acknowledge(SipRequest ack)
    {
        Stop();
        _transaction.Acknowledged();
        _acknowledged(this, ack);
    }

    public void Stop()
    {
        _repeat.Stop();
        _limit.Stop();
    }

    private void OnRepeatDue()
    {
        _transaction.Respond(_response);
        _interval = _timers.Next(_interval);
        _repeat.Start(_interval);
    }
}
