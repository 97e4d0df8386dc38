namespace VoiceGateway.Sip;

/// <summary>
/// The clock of one call's session timer (RFC 4028 section 10). Runs in the call's mailbox.
/// <code>
///   2xx |---- half: refresh, where it is ours ----|---- minus min(32 s, a third): BYE --|  expired
/// </code>
/// </summary>
internal sealed class SessionTimer
{
    private static readonly TimeSpan MostHaste = TimeSpan.FromSeconds(32);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24); // a timer's limit, not ours

    private readonly SipStack _stack;
    private readonly SessionTimerTerms _terms;
    private readonly MailboxTimer _refresh;
    private readonly MailboxTimer _limit;

    /// <param name="stack">Whose options count.</param>
    /// <param name="mailbox">The call's.</param>
    /// <param name="refresh">Sends a session refresh request.</param>
    /// <param name="expired">Nobody has refreshed in time.</param>
    public SessionTimer(SipStack stack, Mailbox mailbox, Action refresh, Action expired)
    {
        _stack = stack;
        _terms = new SessionTimerTerms(stack.Options.SessionTimers);
        _refresh = new MailboxTimer(stack.Time, mailbox, refresh);
        _limit = new MailboxTimer(stack.Time, mailbox, () =>
        {
            Stop();
            stack.Counters.Increment(SipCounter.SessionsExpired);
            expired();
        });
    }

    public SessionTimerTerms Terms => _terms;

    /// <summary>See <see cref="SessionTimerTerms.Put"/>.</summary>
    public void Put(SipRequest request) => _terms.Put(request);

    /// <summary>See <see cref="SessionTimerTerms.TryRaise"/>.</summary>
    public bool TryRaise(SipResponse refusal) => _terms.TryRaise(refusal);

    /// <summary>A 2xx to an INVITE, re-INVITE or UPDATE of ours: the session lives for another interval.</summary>
    public void Accepted(SipResponse success)
    {
        _terms.Accepted(success);
        Restart();
    }

    /// <summary>Our 2xx to one of the peer's, which is sent next.</summary>
    public void Agree(SipRequest request, SipResponse success)
    {
        _terms.Agree(request, success);
        Restart();
    }

    /// <summary>422 with what would do, when the peer's request asks for too short an interval; null: it does not.</summary>
    public SipResponse? Check(SipRequest request, string localTag)
    {
        if (!_terms.IsTooBrief(request))
            return null;
        var refusal = _stack.CreateResponse(request, 422, toTag: localTag);
        _terms.PutMinimum(refusal);
        return refusal;
    }

    /// <summary>A refresh of ours was refused, which the peer may think better of before the session expires.</summary>
    public void TryLater(SipResponse? refusal)
    {
        if (!_limit.IsRunning || !_terms.IsRefresher)
            return;
        var pause = refusal is null ? null : RetryAfter.Read(refusal);
        _refresh.Start(pause is { } wanted && wanted > TimeSpan.Zero && wanted < MostHaste ? wanted : RetryPause);
    }

    public void Stop()
    {
        _refresh.Stop();
        _limit.Stop();
    }

    private void Restart()
    {
        Stop();
        if (_terms.Interval == 0)
            return;
        var interval = TimeSpan.FromSeconds(Math.Min(_terms.Interval, Longest.TotalSeconds));
        if (_terms.IsRefresher)
            _refresh.Start(interval / 2);
        _limit.Start(interval - (interval / 3 < MostHaste ? interval / 3 : MostHaste));
    }

    public override string ToString() => _terms.ToString();
}
