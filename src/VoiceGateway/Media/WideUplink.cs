using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// A line of 16 kHz. The call's listeners hear its lower band, and what they change of it the model hears too; the upper band goes past them,
/// as loud as they let it.
/// <code>16 kHz ─▶ split ─▶ below 4 kHz ─▶ [listeners, at 8 kHz] ─▶ join ─▶ 16 kHz
///            └─▶ above 4 kHz ───── × HighBandGain ─────▲</code>
/// </summary>
internal sealed class WideUplink(IUplinkSink sink, UplinkFrames frames) : UplinkBand(16000)
{
    private readonly BandSplitter _splitter = new();

    public override string ToString() => "Decode -> Conceal -> Split(16000->8000)";

    public override void Reset()
    {
        base.Reset();
        _splitter.Reset();
    }

    protected override void Push(Span<short> pcm)
    {
        Span<short> low = stackalloc short[Uplink.FrameSamples16kHz / 2];
        Span<short> pcm16kHz = stackalloc short[Uplink.FrameSamples16kHz];
        low = low[..(pcm.Length / 2)];
        _splitter.Split(pcm, low);
        sink.OnCallerPcm8kHz(low);
        frames.Add(pcm16kHz[.._splitter.Join(low, sink.HighBandGain, pcm16kHz)], narrowband: false);
    }
}
