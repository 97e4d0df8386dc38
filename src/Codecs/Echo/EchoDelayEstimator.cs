namespace VoiceGateway.Codecs;

/// <summary>
/// Finds how late our own voice comes back: the correlation of what is heard with what was sent, over the last half second,
/// for all delays at once. At 2 kHz: the lower formants tell as much as the whole band, for a sixteenth of the cost.
/// </summary>
internal sealed class EchoDelayEstimator
{
    public const int Decimation = 4;

    /// <summary>Delays that are looked at, in 2 kHz samples: from 16 ms before "at once" (a packet that came early) to 352 ms.</summary>
    public const int Lags = 736;

    public const int EarliestLag = -32;

    private const int BlockLength = EchoReference.BlockSamples / Decimation;
    private const int RingLength = 1024;
    private const int Segments = Lags / BlockLength + 2;

    // 10 ms a step: half a second, the length of a few syllables.
    private const float Forgetting = 0.98f;

    // Speech falls off with frequency; a flat spectrum makes a sharp peak.
    private const float Whitening = 0.7f;

    // The peak against the mean over all delays: 2 for a tone, 5 and more for the echo of speech.
    private const float Distinct = 3;

    private readonly float[] _sent = new float[RingLength];
    private readonly float[] _correlation = new float[Lags];
    private readonly float[] _sentEnergy = new float[Segments];
    private float _heardEnergy;
    private readonly LowRate _reduceSent = new();
    private readonly LowRate _reduceHeard = new();
    private long _position;

    /// <summary>The delay with the largest correlation, in 8 kHz samples.</summary>
    public int Delay { get; private set; }

    /// <summary>How much of what is heard this delay explains, 0 to 1.</summary>
    public float Coherence { get; private set; }

    public void Sent(ReadOnlySpan<short> pcm)
    {
        Span<float> reduced = stackalloc float[BlockLength];
        for (; pcm.Length >= Decimation; pcm = pcm[Math.Min(pcm.Length, EchoReference.BlockSamples)..])
        {
            var count = _reduceSent.Process(pcm[..Math.Min(pcm.Length, EchoReference.BlockSamples)], reduced);
            for (var i = 0; i < count; i++) _sent[_position++ & (RingLength - 1)] = reduced[i];
        }
    }

    /// <summary>A stream of which so much is known already.</summary>
    public void Begin(EchoReference reference)
    {
        Forget();
        Array.Clear(_sent);
        _reduceSent.Reset();
        _reduceHeard.Reset();
        var from = Math.Max(0, reference.Position - EchoReference.Capacity) / Decimation * Decimation;
        _position = from / Decimation;
        Span<short> pcm = stackalloc short[EchoReference.BlockSamples];
        while (from < reference.Position)
        {
            var part = pcm[..(int)Math.Min(pcm.Length, reference.Position - from)];
            reference.Read(from, part);
            Sent(part);
            from += part.Length;
        }
    }

    /// <param name="pcm">At most 10 ms.</param>
    /// <param name="position">The position in what was sent that has no delay against the first sample.</param>
    public void Heard(ReadOnlySpan<short> pcm, long position)
    {
        Span<float> heard = stackalloc float[BlockLength];
        var count = _reduceHeard.Process(pcm, heard);
        if (count == 0) return;

        // The window holds the longest delay first: entry k + n is sample n delayed by (Lags - 1 - k).
        Span<float> window = stackalloc float[Lags + BlockLength];
        Read(position / Decimation - EarliestLag - (Lags - 1), window[..(Lags - 1 + count)]);
        window[(Lags - 1 + count)..].Clear();

        var energy = 0f;
        foreach (var sample in heard[..count]) energy += sample * sample;
        _heardEnergy = Forgetting * _heardEnergy + energy;
        for (var segment = 0; segment < Segments; segment++)
        {
            var part = window.Slice(segment * BlockLength, Math.Min(BlockLength, window.Length - segment * BlockLength));
            _sentEnergy[segment] = Forgetting * _sentEnergy[segment] + VectorMath.Dot(part, part);
        }
        VectorMath.Correlate(_correlation, Forgetting, heard[..count], window);
    }

    /// <summary>Looks for the peak; a few times a second is enough.</summary>
    public void Search()
    {
        var (best, bestAt, sum) = (0f, 0, 0f);
        var strongest = 0f;
        foreach (var sent in _sentEnergy) strongest = Math.Max(strongest, sent);
        // A delay at which we hardly spoke explains nothing, however well it fits.
        var floor = strongest * 0.05f + 1;
        for (var k = 0; k < Lags; k++)
        {
            var (segment, within) = (k / BlockLength, k % BlockLength / (float)BlockLength);
            var energy = _sentEnergy[segment] + within * (_sentEnergy[segment + 1] - _sentEnergy[segment]);
            var fit = _correlation[k] * _correlation[k] / Math.Max(energy, floor);
            sum += fit;
            if (fit > best) (best, bestAt) = (fit, k);
        }
        Delay = (Lags - 1 - bestAt + EarliestLag) * Decimation;
        // A tone fits at every other delay, and whatever holds a bit of it: that tells nothing.
        Coherence = _heardEnergy > 0 && best * Lags > Distinct * sum ? Math.Min(1, best / _heardEnergy) : 0;
    }

    public void Forget()
    {
        Array.Clear(_correlation);
        Array.Clear(_sentEnergy);
        (_heardEnergy, Coherence) = (0, 0);
    }

    private void Read(long from, Span<float> destination)
    {
        destination.Clear();
        var first = (int)Math.Clamp(Math.Max(0, _position - RingLength) - from, 0, destination.Length);
        var last = (int)Math.Clamp(_position - from, first, destination.Length);
        for (var at = first; at < last;)
        {
            var index = (int)((from + at) & (RingLength - 1));
            var taken = Math.Min(last - at, RingLength - index);
            _sent.AsSpan(index, taken).CopyTo(destination[at..]);
            at += taken;
        }
    }

    /// <summary>8 to 2 kHz, whitened. The low-pass is a real one: what folds over would depend on the delay's place between two samples.</summary>
    private sealed class LowRate
    {
        // Windowed sinc, -6 dB at 700 Hz; four zeros before it make whole vectors.
        private const int Order = 28;
        private const int Padded = 32;

        private static readonly float[] Response = Design();
        private readonly float[] _recent = new float[Order + EchoReference.BlockSamples];
        private float _previous;

        public void Reset()
        {
            Array.Clear(_recent);
            _previous = 0;
        }

        public int Process(ReadOnlySpan<short> pcm, Span<float> reduced)
        {
            VectorMath.ToSingle(pcm, _recent.AsSpan(Order));
            var count = pcm.Length / Decimation;
            for (var i = 0; i < count; i++)
            {
                var low = VectorMath.Dot(_recent.AsSpan(Decimation * i, Padded), Response);
                reduced[i] = low - Whitening * _previous;
                _previous = low;
            }
            _recent.AsSpan(pcm.Length, Order).CopyTo(_recent);
            return count;
        }

        private static float[] Design()
        {
            var response = new float[Padded];
            for (var i = 0; i < Order; i++)
            {
                var t = i - (Order - 1) / 2.0;
                var window = 0.54 + 0.46 * Math.Cos(2 * Math.PI * t / Order);
                response[Padded - Order + i] = (float)(window * Math.Sin(2 * Math.PI * 700 / 8000 * t) / (Math.PI * t));
            }
            return response;
        }
    }
}
