namespace VoiceGateway.Codecs;

/// <summary>
/// What was sent, for as long as its echo may still come: the last half second at 8 kHz, by position since the beginning.
/// Kept as mu-law codes, as it went out over the line: half the memory, and nothing is lost that the echo would have.
/// </summary>
internal sealed class EchoReference
{
    public const int BlockSamples = 80;

    /// <summary>Samples that are kept.</summary>
    public const int Capacity = 4096;

    private readonly byte[] _codes = new byte[Capacity];
    private readonly PowerHistory _powers = new();
    private float _blockEnergy;

    public EchoReference() => Array.Fill(_codes, (byte)0xFF);

    /// <summary>Samples sent so far: the position of the next one.</summary>
    public long Position { get; private set; }

    private long Blocks => Position / BlockSamples;

    public void Append(ReadOnlySpan<short> pcm)
    {
        while (pcm.Length > 0)
        {
            var inBlock = (int)(Position % BlockSamples);
            var taken = Math.Min(pcm.Length, Math.Min(BlockSamples - inBlock, Capacity - (int)(Position % Capacity)));
            G711.EncodeMuLaw(pcm[..taken], _codes.AsSpan((int)(Position % Capacity)));
            _blockEnergy += VectorMath.SumOfSquares(pcm[..taken]);
            Position += taken;
            pcm = pcm[taken..];
            if (inBlock + taken < BlockSamples) continue;
            _powers.Add(_blockEnergy / (BlockSamples * 32768f * 32768f));
            _blockEnergy = 0;
        }
    }

    /// <summary>Samples from a position on; zeros for what is not sent yet, or long ago.</summary>
    public void Read(long from, Span<short> destination)
    {
        var oldest = Math.Max(0, Position - Capacity);
        var first = (int)Math.Clamp(oldest - from, 0, destination.Length);
        var last = (int)Math.Clamp(Position - from, first, destination.Length);
        destination[..first].Clear();
        destination[last..].Clear();
        for (var at = first; at < last;)
        {
            var index = (int)((from + at) & (Capacity - 1));
            var taken = Math.Min(last - at, Capacity - index);
            G711.DecodeMuLaw(_codes.AsSpan(index, taken), destination[at..]);
            at += taken;
        }
    }

    /// <inheritdoc cref="Read(long, Span{short})"/>
    public void Read(long from, Span<float> destination)
    {
        Span<short> pcm = stackalloc short[destination.Length];
        Read(from, pcm);
        VectorMath.ToSingle(pcm, destination);
    }

    /// <summary>The largest power (1 is 0 dBov) of 10 ms, of those that begin nearest to a position and to each 10 ms later, up to another; 0 when they are not there.</summary>
    public float PeakPower(long from, long to)
    {
        var (ago, count) = Stretch(from, to);
        return _powers.Max(ago, count, 0);
    }

    /// <summary>The sum of the powers likewise.</summary>
    public float SumOfPowers(long from, long to)
    {
        var (ago, count) = Stretch(from, to);
        return _powers.SumAbove(ago, count, 0);
    }

    private (int Ago, int Count) Stretch(long from, long to)
    {
        var first = Math.Max(Block(from), Math.Max(0, Blocks - PowerHistory.Length));
        var last = Math.Min(Block(from) + (to - from) / BlockSamples, Blocks - 1);
        return first > last ? (0, 0) : ((int)(Blocks - 1 - last), (int)(last - first + 1));
    }

    private static long Block(long position) => position >= 0 ? position / BlockSamples : (position - BlockSamples + 1) / BlockSamples;
}
