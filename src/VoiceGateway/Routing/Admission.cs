namespace VoiceGateway.Routing;

/// <summary>How many calls at once: counted before anything is allocated for a call.</summary>
public sealed class Admission(int maxCalls)
{
    private int _admitted;

    public int Admitted => Volatile.Read(ref _admitted);

    /// <returns>False when the gateway is full; otherwise the place must be given back with <see cref="Release"/>.</returns>
    public bool TryAdmit()
    {
        if (Interlocked.Increment(ref _admitted) <= maxCalls) return true;
        Interlocked.Decrement(ref _admitted);
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _admitted);
}
