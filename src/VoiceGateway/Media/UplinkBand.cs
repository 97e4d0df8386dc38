using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>The caller's voice at the line's rate: losses concealed, the call's listeners served at 8 kHz, the model at 16.</summary>
internal abstract class UplinkBand(int sampleRateHz)
{
    private readonly Concealer _concealer = new(sampleRateHz);

    public int SampleRateHz => sampleRateHz;

    public static UplinkBand For(int sampleRateHz, IUplinkSink sink, UplinkFrames frames) =>
        sampleRateHz == 8000 ? new NarrowUplink(sink, frames) : new WideUplink(sink, frames);

    /// <summary>Samples of the line in this many units of the RTP clock.</summary>
    public int SamplesOf(int units) => units * (sampleRateHz / 8000);

    /// <summary>What arrived, 20 ms or less; changed in place.</summary>
    public void Good(Span<short> pcm)
    {
        _concealer.Good(pcm);
        Push(pcm);
    }

    /// <summary>Fills in for what did not arrive, 20 ms or less.</summary>
    public void Lost(Span<short> pcm)
    {
        _concealer.Lost(pcm);
        Push(pcm);
    }

    /// <summary>Forgets the stream so far.</summary>
    public virtual void Reset() => _concealer.Reset();

    protected abstract void Push(Span<short> pcm);
}
