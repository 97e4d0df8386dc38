namespace VoiceGateway.Caller;

/// <summary>When the agent speaks: decides from the level of the frames heard, on the clock thread.</summary>
/// <remarks>
/// An utterance begins with the first of two audible frames among three (one alone may be a click),
/// and is over when nothing audible has come for <see cref="TurnSilence"/>, whether silence is sent or nothing at all.
/// </remarks>
internal sealed class AgentVoice(long turnSilence, long bargeInSilence)
{
    private readonly NoiseFloor _floor = new();
    private long _candidate;
    private int _framesSinceCandidate;
    private long _endSilence = turnSilence;

    public long TurnSilence { get; } = turnSilence;

    public bool IsSpeaking { get; private set; }

    /// <summary>How many utterances have begun.</summary>
    public int Utterances { get; private set; }

    /// <summary>Arrival of the utterance's first audible frame.</summary>
    public long UtteranceStart { get; private set; }

    /// <summary>Arrival of the last audible frame; 0 before any.</summary>
    public long LastAudible { get; private set; }

    /// <summary>The silence that the frame just heard ended inside an utterance; 0 for none.</summary>
    public long SilenceBefore { get; private set; }

    /// <summary>The caller speaks over this utterance: it is over after a shorter silence, so that the next one is told from it.</summary>
    public void Interrupt()
    {
        if (IsSpeaking) _endSilence = bargeInSilence;
    }

    public AgentChange Hear(ReadOnlySpan<short> pcm, long arrival)
    {
        SilenceBefore = 0;
        if (!_floor.IsSpeech(SpeechLevel.MeanSquare(pcm)))
        {
            if (++_framesSinceCandidate > 1) _candidate = 0;
            return AgentChange.None;
        }
        if (IsSpeaking)
        {
            SilenceBefore = Math.Max(0, arrival - LastAudible - StopwatchTime.FromSamples(pcm.Length));
            LastAudible = arrival;
            return AgentChange.None;
        }
        if (_candidate == 0)
        {
            _candidate = arrival;
            _framesSinceCandidate = 0;
            return AgentChange.None;
        }
        IsSpeaking = true;
        Utterances++;
        UtteranceStart = _candidate;
        LastAudible = arrival;
        _candidate = 0;
        return AgentChange.Started;
    }

    /// <summary>Lets time pass; needed because an agent that falls silent may send nothing.</summary>
    public AgentChange Advance(long now)
    {
        if (!IsSpeaking || now - LastAudible - StopwatchTime.Frame < _endSilence) return AgentChange.None;
        IsSpeaking = false;
        _endSilence = TurnSilence;
        return AgentChange.Ended;
    }
}
