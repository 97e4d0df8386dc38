namespace VoiceGateway.Sip;

/// <summary>
/// A one-shot timer whose callback runs in a mailbox. Started, stopped and fired there only, so that a firing that was
/// under way when the timer was stopped or started anew is recognised and does nothing.
/// </summary>
internal sealed class MailboxTimer(TimeProvider time, Mailbox mailbox, Action fired)
{
    private ITimer? _timer;
    private int _round;

    public bool IsRunning => _timer is not null;

    public void Start(TimeSpan due)
    {
        Stop();
        int round = _round;
        _timer = time.CreateTimer(_ => mailbox.Post(() => Fire(round)), null, due, Timeout.InfiniteTimeSpan);
    }

    public void Stop()
    {
        _round++;
        _timer?.Dispose();
        _timer = null;
    }

    private void Fire(int round)
    {
        if (round != _round)
            return;
        Stop();
        fired();
    }
}
