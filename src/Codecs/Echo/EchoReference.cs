namespace VoiceGateway.Codecs;

/// <summary>
/// What was sent, for as long as its echo may still come: the last half second at 8 kHz, by position since the beginning.
/// Kept as mu-law codes, as it went out over the line: half the memory, and nothing is lost that the echo would have.
/// </summary>
internal sealed class EchoReference
{
    public const int BlockSamples = 80;

    private const int Capacity = 4096;
    private const int Blocks = 128;

    private readonly byte[] _codes = new byte[Capacity];
    private readonly float[] _powers = new float[Blocks];
    private float _blockEnergy;

    public EchoReference() => Array.Fill(_codes, (byte)0xFF);

    /// <summary>Samples sent so far: the position of the next one.</summary>
    public long Position { get; private set; }

    public void Append(ReadOnlySpan<short> pcm)
    {
        while (pcm.Length > 0)
        {
            var inBlock = (int)(Position % BlockSamples);
            var taken = Math.Min(pcm.Length, Math.Min(BlockSamples - inBlock, Capacity - (int)(Position % Capacity)));
            G711.EncodeMuLaw(pcm[..taken], _codes.AsSpan((int)(Position % Capacity)));
            foreach (var sample in pcm[..taken]) _blockEnergy += (float)sample * sample;
            Position += taken;
            pcm = pcm[taken..];
            if (inBlock + taken < BlockSamples) continue;
            _powers[(Position / BlockSamples - 1) & (Blocks - 1)] = _blockEnergy / (BlockSamples * 32768f * 32768f);
            _blockEnergy = 0;
        }
    }

    /// <summary>Samples from a position on; zeros for what is not sent yet, or long ago.</summary>
    public void Read(long from, Span<float> destination)
    {
        Span<short> pcm = stackalloc short[destination.Length];
        pcm.Clear();
        var oldest = Math.Max(0, Position - Capacity);
        var first = Math.Clamp(oldest - from, 0, destination.Length);
        var last = Math.Clamp(Position - from, first, destination.Length);
        for (var at = first; at < last;)
        {
            var index = (int)((from + at) & (Capacity - 1));
            var taken = (int)Math.Min(last - at, Capacity - index);
            G711.DecodeMuLaw(_codes.AsSpan(index, taken), pcm[(int)at..]);
            at += taken;
        }
        VectorMath.ToSingle(pcm, destination);
    }

    /// <summary>Mean square (1 is 0 dBov) of the 10 ms that begin nearest to a position; 0 when they are not there.</summary>
    public float PowerAt(long position)
    {
        var block = position / BlockSamples;
        return position < 0 || block >= Position / BlockSamples || block < Position / BlockSamples - Blocks ? 0 : _powers[block & (Blocks - 1)];
    }

    /// <summary>The largest <see cref="PowerAt"/> from one position to another.</summary>
    public float PeakPower(long from, long to)
    {
        var peak = 0f;
        for (var at = from; at <= to; at += BlockSamples) peak = Math.Max(peak, PowerAt(at));
        return peak;
    }
}
