namespace VoiceGateway.Sip;

/// <summary>
/// RFC 3261 section 17.2.2 with the corrections of RFC 4320 section 4: a client gives up after 64*T1, so an answer after that is only
/// noise, as is 408, which says what the client's own timer F says.
/// <code>
/// Trying --3.5 s: 100--> Proceeding --final--> Completed --J--> (end)
///    +------------------64*T1, nothing to say--> (end)
/// </code>
/// </summary>
internal sealed class NonInviteServerTransaction : ServerTransaction
{
    private readonly MailboxTimer _end; // before the answer what RFC 4320 gives us
    private readonly long _receivedAt;
    private bool _isSilent;

    public NonInviteServerTransaction(SipRequest request, IResponsePath path, TransactionContext context, Mailbox mailbox)
        : base(request, path, context, mailbox)
    {
        _end = new MailboxTimer(context.Time, mailbox, OnEnd);
        _receivedAt = context.Time.GetTimestamp();
    }

    /// <summary>
    /// The answer takes time: 100 goes out when the client's timer E has reached T2, no earlier and no other provisional response
    /// (RFC 4320 section 4.1). What is answered at once needs no timer.
    /// </summary>
    public void AwaitAnswer()
    {
        if (!IsAnswered && !IsTerminated && !_end.IsRunning)
            StartAt(UntilT2(Context.Timers));
    }

    public override void Receive(SipRequest request)
    {
        Absorb();
        Repeat(); // in Trying there is nothing to repeat yet
    }

    public override void Respond(SipResponse response)
    {
        if (IsAnswered || IsTerminated || _isSilent)
            return;
        if (response.StatusCode == 408 || Elapsed >= Context.Timers.TransactionLimit)
        {
            Context.Counters.Increment(SipCounter.LateResponsesDropped);
            _isSilent = true;
            StartAt(Context.Timers.TransactionLimit); // as long as the client repeats its request, it is absorbed here
            return;
        }

        Send(response);
        if (!IsAnswered)
            return;
        if (Path.IsReliable)
            Terminate(); // J is zero: a stream does not repeat
        else
            Settle(Context.Timers.TransactionLimit, repeatsAnswer: true);
    }

    protected override void StopTimers() => _end.Stop();

    private TimeSpan Elapsed => Context.Time.GetElapsedTime(_receivedAt);

    private void OnEnd()
    {
        if (IsAnswered || _isSilent || LastStatus == 100)
        {
            Terminate();
            return;
        }

        Send(Request.CreateResponse(100));
        StartAt(Context.Timers.TransactionLimit);
    }

    private void StartAt(TimeSpan sinceReceived)
    {
        var left = sinceReceived - Elapsed;
        _end.Start(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    private static TimeSpan UntilT2(SipTimerOptions timers)
    {
        var (at, interval) = (TimeSpan.Zero, timers.T1);
        while (interval < timers.T2)
        {
            at += interval;
            interval = timers.Next(interval);
        }

        return at;
    }
}
