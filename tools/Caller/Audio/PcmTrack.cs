namespace VoiceGateway.Caller;

/// <summary>8 kHz mono audio written at any position of one time axis; what was never written is silence.</summary>
/// <remarks>Grown by the second, so that the clock thread never copies what is already there.</remarks>
internal sealed class PcmTrack(TimeSpan maxDuration)
{
    private const int BlockSamples = AudioFrame.SampleRateHz;
    private readonly List<short[]> _blocks = [];
    private readonly long _maxSamples = (long)(maxDuration.TotalSeconds * AudioFrame.SampleRateHz);

    public long Length { get; private set; }

    public void Write(long position, ReadOnlySpan<short> pcm)
    {
        if (position < 0 || position + pcm.Length > _maxSamples) return;
        while (!pcm.IsEmpty)
        {
            var block = (int)(position / BlockSamples);
            var offset = (int)(position % BlockSamples);
            while (_blocks.Count <= block) _blocks.Add(new short[BlockSamples]);
            var count = Math.Min(pcm.Length, BlockSamples - offset);
            pcm[..count].CopyTo(_blocks[block].AsSpan(offset));
            pcm = pcm[count..];
            position += count;
        }
        Length = Math.Max(Length, position);
    }

    public short[] ToArray(long length)
    {
        var all = new short[length];
        for (var block = 0; block < _blocks.Count && (long)block * BlockSamples < length; block++)
        {
            var at = block * BlockSamples;
            _blocks[block].AsSpan(0, (int)Math.Min(BlockSamples, length - at)).CopyTo(all.AsSpan(at));
        }
        return all;
    }
}
