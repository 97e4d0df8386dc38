namespace VoiceGateway.GeminiLive;

/// <summary>
/// Whole frames that wait for their message to be complete, where a message carries more than one (<see cref="LiveSessionOptions.Chunk"/>).
/// Not thread-safe: <see cref="LiveWriter"/> holds its gate.
/// </summary>
internal sealed class HeldAudio(int samplesPerMessage)
{
    private readonly short[] _samples = samplesPerMessage > PcmFormat.SamplesPerFrame ? new short[samplesPerMessage] : [];

    public int Count { get; private set; }

    /// <summary>Keeps the frame when more must come before there is a message. What is shorter than a frame waits for nothing.</summary>
    public bool TryHold(ReadOnlySpan<short> frame)
    {
        if (frame.Length != PcmFormat.SamplesPerFrame || Count + frame.Length >= samplesPerMessage) return false;

        frame.CopyTo(_samples.AsSpan(Count));
        Count += frame.Length;
        return true;
    }

    /// <summary>What was held, and the frame behind it; good until the next call.</summary>
    public ReadOnlySpan<short> Complete(ReadOnlySpan<short> frame)
    {
        if (Count == 0) return frame;

        frame.CopyTo(_samples.AsSpan(Count));
        int length = Count + frame.Length;
        Count = 0;
        return _samples.AsSpan(0, length);
    }

    public void MoveTo(AudioRing ring)
    {
        if (Count > 0) ring.Write(_samples.AsSpan(0, Count));
        Count = 0;
    }

    public void Clear() => Count = 0;
}
