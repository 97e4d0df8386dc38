using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// The reliable provisional responses to one INVITE that we received (RFC 3262 section 3): one at a time is repeated at T1, doubling,
/// until its PRACK; later ones wait. After 64*T1 the INVITE has to be refused. Runs in the call's mailbox.
/// <code>
///   183 RSeq: 7 ─▶   ◀─ PRACK RAck: 7 1 INVITE   200 ─▶   180 RSeq: 8 ─▶ …
/// </code>
/// </summary>
internal sealed class ReliableProvisionals
{
    public const string Extension = "100rel";
    private readonly InviteServerTransaction _invite;
    private readonly SipTimerOptions _timers;
    private readonly MailboxTimer _repeat;
    private readonly MailboxTimer _limit;
    private readonly Queue<(SipResponse Response, bool HasSession)> _waiting = new();
    private (SipResponse Response, bool HasSession)? _current;
    private uint _number = (uint)Random.Shared.Next(1, 1 << 30); // below 2^31, and it must not wrap around
    private TimeSpan _interval;
    private bool _isFinished;

    public ReliableProvisionals(SipStack stack, InviteServerTransaction invite, Action unacknowledged)
    {
        _invite = invite;
        _timers = stack.Timers;
        _repeat = new MailboxTimer(stack.Time, invite.Mailbox, OnRepeatDue);
        _limit = new MailboxTimer(stack.Time, invite.Mailbox, () =>
        {
            Finish();
            stack.Counters.Increment(SipCounter.ProvisionalsUnacknowledged);
            unacknowledged();
        });
    }

    /// <summary>A session description has not been acknowledged: a 2xx must not overtake it.</summary>
    public bool HoldBack2xx => _current is { HasSession: true } || _waiting.Any(static waiting => waiting.HasSession);

    public bool IsIdle => _current is null;

    public void Send(SipResponse response, bool hasSession)
    {
        if (_isFinished)
            return;
        response.Headers.Add(SipHeaderNames.Require, Extension);
        if (_current is null)
            Begin(response, hasSession);
        else if (hasSession || _waiting.Count == 0)
            _waiting.Enqueue((response, hasSession)); // else: that it rings is going to be said anyway
    }

    /// <summary>False: the PRACK is for no response of ours, or came before (481). The next one is sent by <see cref="Continue"/>.</summary>
    public bool TryAcknowledge(SipRequest prack)
    {
        if (_current is null
            || !RAck.TryParse(prack.Headers.Get(SipHeaderNames.RAck), out var rack)
            || rack != new RAck(_number, _invite.Request.CSeq))
            return false;
        _current = null;
        _repeat.Stop();
        _limit.Stop();
        return true;
    }

    /// <summary>The PRACK has been answered: what waited goes out.</summary>
    public void Continue()
    {
        if (!_isFinished && _current is null && _waiting.TryDequeue(out var next))
            Begin(next.Response, next.HasSession);
    }

    /// <summary>A final response goes out: nothing is repeated any more, but a PRACK under way is still taken.</summary>
    public void Finish()
    {
        _isFinished = true;
        _waiting.Clear();
        _repeat.Stop();
        _limit.Stop();
    }

    private void Begin(SipResponse response, bool hasSession)
    {
        _current = (response, hasSession);
        response.Headers.Set(SipHeaderNames.RSeq, (++_number).ToString(CultureInfo.InvariantCulture));
        _invite.Respond(response);
        _interval = _timers.T1;
        _repeat.Start(_interval);
        _limit.Start(_timers.TransactionLimit);
    }

    private void OnRepeatDue()
    {
        if (_current is not { } current)
            return;
        _invite.Respond(current.Response);
        _interval = 2 * _interval; // without a ceiling: 64*T1 ends it
        _repeat.Start(_interval);
    }
}
