namespace VoiceGateway.Media;

/// <summary>Cuts what the model is to hear into frames of 20 ms, whatever the packets' lengths were.</summary>
internal sealed class UplinkFrames(IUplinkSink sink)
{
    // Packets of 20 ms are frames as they come: most calls never need it.
    private short[] _frame = [];
    private int _count;
    private bool _narrowband;

    /// <param name="pcm16kHz">Whole pairs: samples of a narrowband line keep their places among those that were put in between.</param>
    /// <param name="narrowband">Made from 8 kHz.</param>
    public void Add(ReadOnlySpan<short> pcm16kHz, bool narrowband)
    {
        while (pcm16kHz.Length > 0)
        {
            if (_count == 0 && pcm16kHz.Length >= Uplink.FrameSamples16kHz)
            {
                sink.OnUplinkFrame(pcm16kHz[..Uplink.FrameSamples16kHz], narrowband);
                pcm16kHz = pcm16kHz[Uplink.FrameSamples16kHz..];
                continue;
            }
            if (_frame.Length == 0) _frame = new short[Uplink.FrameSamples16kHz];
            var taken = Math.Min(pcm16kHz.Length, _frame.Length - _count);
            // All of it, or there is something above 4 kHz in it.
            _narrowband = narrowband && (_count == 0 || _narrowband);
            pcm16kHz[..taken].CopyTo(_frame.AsSpan(_count));
            pcm16kHz = pcm16kHz[taken..];
            _count += taken;
            if (_count < _frame.Length) continue;
            _count = 0;
            sink.OnUplinkFrame(_frame, _narrowband);
        }
    }
}
