using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator;

/// <summary>Hears when the caller's turn starts and ends: by voice activity, or by the client's own marks in manual mode.</summary>
internal sealed class CallerEar(SetupTerms terms)
{
    private readonly VoiceActivityOptions _options = new()
    {
        OnsetMs = (int)terms.SpeechOnset.TotalMilliseconds,
        HangoverMs = (int)terms.TurnSilence.TotalMilliseconds,
    };

    private VoiceActivityDetector? _detector;
    private bool _activity;

    public bool IsSpeaking => terms.ManualActivity ? _activity : _detector?.IsSpeech ?? false;

    public VoiceActivity Hear(ReadOnlySpan<short> pcm, int sampleRateHz)
    {
        if (terms.ManualActivity)
            return VoiceActivity.Unchanged;
        if (_detector?.SampleRateHz != sampleRateHz)
            _detector = new VoiceActivityDetector(sampleRateHz, _options);
        return _detector.Process(pcm);
    }

    public bool StartActivity() => !_activity && (_activity = true);

    public bool EndActivity()
    {
        var ended = _activity;
        _activity = false;
        return ended;
    }

    /// <summary>The stream pauses: a turn that is under way is over.</summary>
    public bool EndStream()
    {
        var ended = IsSpeaking;
        _detector?.Reset();
        return ended;
    }
}
