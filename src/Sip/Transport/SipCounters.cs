namespace VoiceGateway.Sip;

/// <summary>Monotonic counters of one endpoint; safe to read from any thread.</summary>
public sealed class SipCounters
{
    private static readonly int Count = Enum.GetValues<SipCounter>().Length;
    private readonly long[] _values = new long[Count];

    public long this[SipCounter counter] => Volatile.Read(ref _values[(int)counter]);

    /// <summary>All values, zeros included, in the order of the enumeration.</summary>
    public IReadOnlyDictionary<SipCounter, long> Snapshot() =>
        Enum.GetValues<SipCounter>().ToDictionary(counter => counter, counter => this[counter]);

    public override string ToString() =>
        string.Join(' ', Snapshot().Where(pair => pair.Value != 0).Select(pair => $"{pair.Key}={pair.Value}"));

    internal void Increment(SipCounter counter) => Interlocked.Increment(ref _values[(int)counter]);
}
