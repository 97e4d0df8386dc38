namespace VoiceGateway.LiveSimulator;

/// <summary>The first seconds of what the caller sent, kept for tests.</summary>
internal sealed class AudioCapture(TimeSpan limit)
{
    private readonly Lock _gate = new();
    private short[] _samples = [];
    private int _count;

    public int SampleRateHz { get; private set; } = 16000;

    public void Write(ReadOnlySpan<short> pcm, int sampleRateHz)
    {
        if (limit <= TimeSpan.Zero)
            return;
        lock (_gate)
        {
            SampleRateHz = sampleRateHz;
            var capacity = (int)Math.Min(limit.TotalSeconds * sampleRateHz, Array.MaxLength);
            var kept = pcm[..Math.Clamp(capacity - _count, 0, pcm.Length)];
            if (_count + kept.Length > _samples.Length)
                Array.Resize(ref _samples, Math.Min(capacity, Math.Max(_count + kept.Length, Math.Max(16000, _samples.Length * 2))));
            kept.CopyTo(_samples.AsSpan(_count));
            _count += kept.Length;
        }
    }

    public short[] ToArray()
    {
        lock (_gate)
            return _samples[.._count];
    }
}
