namespace VoiceGateway.Codecs;

/// <summary>
/// Tells whether one tone is there, in a stream of chunks of any length: loud enough, and most of what is heard.
/// One instance a stream; not thread-safe; allocates nothing after construction.
/// </summary>
public sealed class ToneDetector
{
    private readonly short[] _block;
    private int _filled;

    /// <param name="frequencyHz">The tone, below half the sample rate.</param>
    /// <param name="sampleRateHz">Rate of the samples to come.</param>
    /// <param name="blockMs">Time over which the level is taken. The tone must fill it; frequencies closer than 1000/blockMs are not told apart.</param>
    public ToneDetector(double frequencyHz, int sampleRateHz, int blockMs = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequencyHz);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frequencyHz, sampleRateHz / 2.0);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockMs);
        FrequencyHz = frequencyHz;
        SampleRateHz = sampleRateHz;
        _block = new short[Math.Max(1, (int)((long)sampleRateHz * blockMs / 1000))];
    }

    public double FrequencyHz { get; }

    public int SampleRateHz { get; }

    /// <summary>The quietest tone that counts.</summary>
    public double MinimumLevelDbov { get; init; } = -45;

    /// <summary>The tone's share of the block's power that it must reach; 1 is a pure tone.</summary>
    public double MinimumShare { get; init; } = 0.5;

    /// <summary>Whether the last whole block was the tone.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>The tone's level in the last whole block.</summary>
    public double LevelDbov { get; private set; } = double.NegativeInfinity;

    /// <summary>The tone's part of the last whole block's power, 0 to 1.</summary>
    public double Share { get; private set; }

    /// <summary>Whole blocks seen so far, with and without the tone.</summary>
    public long Blocks { get; private set; }

    /// <summary>Blocks in which the tone was present.</summary>
    public long BlocksPresent { get; private set; }

    /// <summary>Takes the next samples in.</summary>
    /// <returns><see cref="IsPresent"/> after them.</returns>
    public bool Process(ReadOnlySpan<short> pcm)
    {
        while (!pcm.IsEmpty)
        {
            var take = Math.Min(pcm.Length, _block.Length - _filled);
            pcm[..take].CopyTo(_block.AsSpan(_filled));
            pcm = pcm[take..];
            _filled += take;
            if (_filled == _block.Length)
                Analyse();
        }
        return IsPresent;
    }

    public void Reset()
    {
        _filled = 0;
        IsPresent = false;
        LevelDbov = double.NegativeInfinity;
        Share = 0;
        Blocks = BlocksPresent = 0;
    }

    private void Analyse()
    {
        _filled = 0;
        var total = 0.0;
        foreach (var sample in _block)
            total += (double)sample * sample;
        total /= _block.Length * 32768.0 * 32768.0;

        var power = Goertzel.Power(_block, FrequencyHz, SampleRateHz);
        LevelDbov = 10 * Math.Log10(power);
        Share = total > 0 ? Math.Min(1, power / total) : 0;
        IsPresent = LevelDbov >= MinimumLevelDbov && Share >= MinimumShare;
        Blocks++;
        if (IsPresent)
            BlocksPresent++;
    }
}
