namespace VoiceGateway.Media;

/// <summary>Cuts what the model is to hear into frames of 20 ms, whatever the packets' lengths were.</summary>
internal sealed class UplinkFrames(IUplinkSink sink)
{
    private readonly short[] _frame = new short[Uplink.FrameSamples16kHz];
    private int _count;

    public void Add(ReadOnlySpan<short> pcm16kHz)
    {
        while (pcm16kHz.Length > 0)
        {
            if (_count == 0 && pcm16kHz.Length >= _frame.Length)
            {
                sink.OnUplinkFrame(pcm16kHz[.._frame.Length]);
                pcm16kHz = pcm16kHz[_frame.Length..];
                continue;
            }
            var taken = Math.Min(pcm16kHz.Length, _frame.Length - _count);
            pcm16kHz[..taken].CopyTo(_frame.AsSpan(_count));
            pcm16kHz = pcm16kHz[taken..];
            _count += taken;
            if (_count < _frame.Length) continue;
            _count = 0;
            sink.OnUplinkFrame(_frame);
        }
    }
}
