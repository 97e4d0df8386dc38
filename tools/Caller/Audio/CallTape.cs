namespace VoiceGateway.Caller;

/// <summary>Both directions of a call on one time axis that begins with the answer.</summary>
/// <remarks>
/// What is heard is laid down where a telephone without a jitter buffer would play it: consecutive RTP timestamps are joined without seams,
/// and a packet that comes later than its place leaves a hole, as it would in the ear.
/// </remarks>
internal sealed class CallTape(TimeSpan maxDuration)
{
    // A burst may run ahead of real time by what a playout buffer would hold; beyond this the place is taken anew.
    private const int MaxAheadSamples = 4 * AudioFrame.SampleRateHz;

    // The clock reads sockets every few milliseconds: lateness below two frames is no hole in the audio.
    private const int LateSamples = 2 * AudioFrame.Samples;

    private readonly PcmTrack _said = new(maxDuration);
    private readonly PcmTrack _heard = new(maxDuration);
    private PcmTrack? _heardWide;
    private long _origin;
    private bool _anchored;
    private uint _anchorTimestamp;
    private long _anchorPosition;

    public void Start(long now) => _origin = now;

    public void Said(long now, ReadOnlySpan<short> frame) => _said.Write(StopwatchTime.ToSamples(now - _origin), frame);

    /// <param name="arrival">Stopwatch ticks.</param>
    /// <param name="timestamp">Of the RTP packet.</param>
    /// <param name="pcm">At 8 kHz.</param>
    /// <param name="wide">On a wideband call: the same at 16 kHz.</param>
    public void Heard(long arrival, uint timestamp, ReadOnlySpan<short> pcm, ReadOnlySpan<short> wide = default)
    {
        if (_origin == 0) return;
        var arrived = StopwatchTime.ToSamples(arrival - _origin);
        var position = _anchorPosition + (int)(timestamp - _anchorTimestamp);
        if (!_anchored || position < arrived - LateSamples || position > arrived + MaxAheadSamples)
        {
            _anchored = true;
            position = arrived;
        }
        _anchorTimestamp = timestamp;
        _anchorPosition = position;
        _heard.Write(position, pcm);
        if (!wide.IsEmpty) (_heardWide ??= new PcmTrack(2 * maxDuration)).Write(2 * position, wide);
    }

    /// <summary>The stream's timestamps begin anew: the next packet finds its place by its arrival.</summary>
    public void Restart() => _anchored = false;

    public CallRecording Finish()
    {
        var length = Math.Max(_said.Length, _heard.Length);
        return new CallRecording(_said.ToArray(length), _heard.ToArray(length)) { HeardWide = _heardWide?.ToArray(2 * length) ?? [] };
    }
}
