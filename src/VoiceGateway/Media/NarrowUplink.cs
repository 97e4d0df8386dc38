using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>A line of 8 kHz: listened to as it is, then brought to the model's rate.</summary>
internal sealed class NarrowUplink(IUplinkSink sink, UplinkFrames frames) : UplinkBand(8000)
{
    private readonly Resampler _resampler = Resampler.From8To16kHz();

    public override string ToString() => "Decode -> Conceal -> Resample(8000->16000)";

    public override void Reset()
    {
        base.Reset();
        _resampler.Reset();
    }

    protected override void Push(Span<short> pcm)
    {
        Span<short> pcm16kHz = stackalloc short[Uplink.FrameSamples16kHz];
        sink.OnCallerPcm8kHz(pcm);
        frames.Add(pcm16kHz[.._resampler.Process(pcm, pcm16kHz)], narrowband: true);
    }
}
