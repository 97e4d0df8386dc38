namespace VoiceGateway.Routing;

/// <summary>
/// One call's claim to a Live session. The call reports what becomes of it, in any order and from any thread; disposing it gives
/// the place back, once.
/// </summary>
public sealed class SessionPlace : IDisposable
{
    private readonly SessionQuota _quota;
    private readonly Lock _lock = new();
    private string _route;
    private bool _open;
    private bool _left;

    internal SessionPlace(SessionQuota quota, string route) => (_quota, _route) = (quota, route);

    /// <summary>The route on which this call counts: the one to begin with.</summary>
    public string Route
    {
        get
        {
            lock (_lock) return _route;
        }
    }

    /// <summary>The service granted a session (<c>setupComplete</c>). On another route than before, the place moves there.</summary>
    public void Opened(string route)
    {
        lock (_lock)
        {
            if (_left) return;
            _quota.Opened(_route, _open, route);
            (_route, _open) = (route, true);
        }
    }

    /// <summary>The session is gone; the call may still want another.</summary>
    public void Closed()
    {
        lock (_lock)
        {
            if (_left || !_open) return;
            _open = false;
            _quota.Closed(_route);
        }
    }

    /// <summary>The service refused a session for its quota: 429, or a close that speaks of quota.</summary>
    /// <param name="route">Where it was refused; the place stays where it is.</param>
    /// <param name="retryAfter">What the service said.</param>
    public void Refused(string route, TimeSpan? retryAfter = null)
    {
        lock (_lock)
        {
            // Its own session is not one that the service grants now.
            if (route == _route) Closed();
            _quota.Refused(route, retryAfter);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_left) return;
            _left = true;
            _quota.Left(_route, _open);
        }
    }
}
