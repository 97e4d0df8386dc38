namespace VoiceGateway.Sip;

/// <summary>Somebody wants a flow kept open (<see cref="SipFlow.KeepAlive"/>), until disposed of.</summary>
internal sealed class FlowLease(TimeSpan interval, bool expectsPong, Action<FlowLease> release) : IDisposable
{
    private int _released;

    public TimeSpan Interval => interval;

    public bool ExpectsPong => expectsPong;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
            release(this);
    }
}
