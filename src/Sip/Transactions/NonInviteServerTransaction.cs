namespace VoiceGateway.Sip;

/// <summary>RFC 3261 section 17.2.2: Trying -> Proceeding -> Completed, then timer J.</summary>
internal sealed class NonInviteServerTransaction : ServerTransaction
{
    private readonly MailboxTimer _end; // J

    public NonInviteServerTransaction(SipRequest request, IResponsePath path, TransactionContext context, Mailbox mailbox)
        : base(request, path, context, mailbox) => _end = new MailboxTimer(context.Time, mailbox, Terminate);

    public override void Receive(SipRequest request)
    {
        Absorb();
        Repeat(); // in Trying there is nothing to repeat yet
    }

    public override void Respond(SipResponse response)
    {
        if (IsAnswered || IsTerminated)
            return;
        Send(response);
        if (!IsAnswered)
            return;
        if (Path.IsReliable)
            Terminate(); // J is zero: a stream does not repeat
        else
            _end.Start(Context.Timers.TransactionLimit);
    }

    protected override void StopTimers() => _end.Stop();
}
