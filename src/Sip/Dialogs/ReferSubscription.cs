using System.Globalization;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// The reports on one REFER of the peer (RFC 3515 section 2.4.4). One NOTIFY at a time, the newest status only: they must not
/// overtake one another. Runs in the call's mailbox.
/// </summary>
internal sealed class ReferSubscription
{
    /// <summary>Longer than any telephone rings.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);

    private readonly SipCall _call;
    private readonly SipStack _stack;
    private readonly string _event;
    private readonly MailboxTimer _expiry;
    private readonly TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;
    private (int Status, string Reason) _last = (100, SipReasonPhrases.Get(100));
    private string? _end;
    private bool _isDue;
    private bool _isSending;
    private bool _hasBegun;

    /// <param name="call">Whose dialog it is.</param>
    /// <param name="stack">The endpoint.</param>
    /// <param name="id">CSeq of the REFER, from the second of a dialog on (section 2.4.6).</param>
    public ReferSubscription(SipCall call, SipStack stack, uint? id)
    {
        _call = call;
        _stack = stack;
        _event = id is { } number ? string.Create(CultureInfo.InvariantCulture, $"{OutgoingReferrals.Package};id={number}") : OutgoingReferrals.Package;
        _expiry = new MailboxTimer(stack.Time, call.Mailbox, () => Finish("timeout"));
    }

    /// <summary>Completes when the last report has been answered, or will not be.</summary>
    public Task Reported => _reported.Task;

    private bool IsOver => _reported.Task.IsCompleted;

    /// <summary>The REFER has been taken: the first report follows at once (RFC 6665 section 4.2.1.2).</summary>
    public void Begin()
    {
        _hasBegun = true;
        _started = _stack.Time.GetTimestamp();
        _expiry.Start(Lifetime);
        _isDue = true;
        Send();
    }

    public void Report(int status, string reason)
    {
        if (IsOver || _end is not null || (status, reason) == _last)
            return;
        _last = (status, reason);
        if (status >= 200)
        {
            Finish("noresource");
            return;
        }

        // Whoever has hung up waits for the outcome at most.
        _isDue |= _call.State != SipCallState.Ended;
        Send();
    }

    public void CallEnded() => _expiry.Stop();

    private void Finish(string reason)
    {
        _expiry.Stop();
        _end = reason;
        _isDue = true;
        Send();
    }

    private void Send()
    {
        if (!_isDue || _isSending || IsOver || !_hasBegun)
            return;
        _isDue = false;
        _isSending = true;
        var isLast = _end is not null;
        new OutgoingRequest(_stack, _call.Mailbox, (response, _) => Answered(response, isLast)).Send(_call.Dialog!, SipMethods.Notify, Fill);
    }

    private void Fill(SipRequest notify)
    {
        notify.Contact = _call.CreateContact(_call.Dialog!.Flow);
        notify.Headers.Set(SipHeaderNames.Event, _event);
        notify.Headers.Set(SipHeaderNames.SubscriptionState, _end is null
            ? string.Create(CultureInfo.InvariantCulture, $"active;expires={(int)Math.Max(1, (Lifetime - _stack.Time.GetElapsedTime(_started)).TotalSeconds)}")
            : $"terminated;reason={_end}");
        notify.SetBody(SipFragment.ContentType + ";version=2.0", Encoding.UTF8.GetBytes(SipFragment.WriteStatus(_last.Status, _last.Reason)));
    }

    /// <summary>A NOTIFY that is refused ends the subscription and not the call (RFC 6665 section 4.2.2, RFC 5057 section 5.1).</summary>
    private void Answered(SipResponse? response, bool isLast)
    {
        _isSending = false;
        if (isLast || response is not { IsSuccess: true })
        {
            _expiry.Stop();
            _reported.TrySetResult();
        }

        Send();
    }
}
