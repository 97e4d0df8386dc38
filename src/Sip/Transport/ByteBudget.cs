namespace VoiceGateway.Sip;

/// <summary>Bytes that many may hold together.</summary>
internal sealed class ByteBudget(long most)
{
    private long _taken;

    public long Taken => Volatile.Read(ref _taken);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
