namespace VoiceGateway.Records;

/// <summary>A ring of samples between one writer and one reader, without a lock. What finds it full is dropped and counted.</summary>
internal sealed class SampleRing(int minCapacity)
{
    private readonly short[] _samples = new short[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)minCapacity)];
    private long _written;
    private long _read;
    private long _dropped;

    public int Count => (int)(Volatile.Read(ref _written) - Volatile.Read(ref _read));

    public int Free => _samples.Length - Count;

    public long Dropped => Volatile.Read(ref _dropped);

    public void Write(ReadOnlySpan<short> samples)
    {
        var free = Free;
        if (samples.Length > free)
        {
            Volatile.Write(ref _dropped, _dropped + samples.Length - free);
            samples = samples[..free];
        }
        var at = (int)(_written & (_samples.Length - 1));
        var first = Math.Min(samples.Length, _samples.Length - at);
        samples[..first].CopyTo(_samples.AsSpan(at));
        samples[first..].CopyTo(_samples);
        Volatile.Write(ref _written, _written + samples.Length);
    }

    /// <summary>The reader passes over this many.</summary>
    public void Skip(int samples) => Volatile.Write(ref _read, _read + Math.Min(samples, Count));

    public int Read(Span<short> samples)
    {
        var taken = Math.Min(samples.Length, Count);
        var at = (int)(_read & (_samples.Length - 1));
        var first = Math.Min(taken, _samples.Length - at);
        _samples.AsSpan(at, first).CopyTo(samples);
        _samples.AsSpan(0, taken - first).CopyTo(samples[first..]);
        Volatile.Write(ref _read, _read + taken);
        return taken;
    }
}
