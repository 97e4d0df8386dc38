namespace VoiceGateway.Rtp;

/// <summary>The current set, which any thread may change and the clock thread reads with each packet.</summary>
internal sealed class PayloadTypeSet(PayloadTypes initial)
{
    private PayloadTypes _current = initial;

    public PayloadTypes Current => Volatile.Read(ref _current);

    public void Change(Func<PayloadTypes, PayloadTypes> change)
    {
        PayloadTypes seen;
        do
        {
            seen = Current;
        }
        while (Interlocked.CompareExchange(ref _current, change(seen), seen) != seen);
    }
}
