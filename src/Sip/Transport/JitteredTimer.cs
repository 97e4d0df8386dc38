namespace VoiceGateway.Sip;

/// <summary>Fires after 80 to 100 % of an interval, again and again (RFC 5626 section 4.4.1).</summary>
internal sealed class JitteredTimer : IDisposable
{
    private readonly TimeSpan _interval;
    private readonly Action _fire;
    private readonly ITimer _timer;
    private volatile bool _isDisposed;

    public JitteredTimer(TimeProvider time, TimeSpan interval, Action fire)
    {
        _interval = interval;
        _fire = fire;
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
    }

    private void Fire()
    {
        if (_isDisposed)
            return;
        _fire();
        Arm();
    }

    private void Arm()
    {
        _timer.Change(_interval * (0.8 + (Random.Shared.NextDouble() * 0.2)), Timeout.InfiniteTimeSpan);
        if (_isDisposed)
            _timer.Dispose(); // disposed of between the two
    }
}
