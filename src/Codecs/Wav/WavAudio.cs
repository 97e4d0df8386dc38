namespace VoiceGateway.Codecs;

/// <summary>Sound read from a WAV file as 16-bit PCM, whatever the file held.</summary>
/// <param name="Samples">Interleaved: one sample of each channel in turn.</param>
/// <param name="SampleRateHz">Sample instants a second.</param>
/// <param name="Channels">1 is mono.</param>
public sealed record WavAudio(short[] Samples, int SampleRateHz, int Channels)
{
    public TimeSpan Duration => TimeSpan.FromSeconds((double)(Samples.Length / Channels) / SampleRateHz);

    /// <summary>One channel on its own; mono is returned as it is.</summary>
    public short[] Channel(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Channels);
        if (Channels == 1)
            return Samples;
        var channel = new short[Samples.Length / Channels];
        for (var i = 0; i < channel.Length; i++)
            channel[i] = Samples[i * Channels + index];
        return channel;
    }
}
