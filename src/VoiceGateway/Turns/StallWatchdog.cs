namespace VoiceGateway.Turns;

/// <summary>
/// The model owes the caller a word: is it coming? A debt arises when the caller has finished, a tool has answered, the gateway
/// has asked, or a sentence broke off; the model's voice pays it. Unpaid while nothing is heard and nothing explains it, it is
/// collected in steps; what helped is counted.
/// <code>
///   debt ── StallSeconds ─▶ Nudge ── step ─▶ Reconnect ── step ─▶ Nudge ── step ─▶ FallBack ── step ─▶ Nudge ── step ─▶ GiveUp
///     └── the model's voice, at any point: paid, the next stall starts at the first step
/// </code>
/// A new connection does not speak by itself, so each is followed by a nudge of its own.
/// </summary>
/// <remarks>
/// Some silences are no stall. A weak suspicion (a transcript that ends without a full stop) is nudged once and forgotten.
/// A model that may choose not to answer is nudged once for each thing said; only when it was silent to two of them in a row
/// the other steps follow.
/// </remarks>
internal sealed class StallWatchdog(TurnOptions options, bool silenceMayBeMeant, TimeProvider time, Floor floor)
{
    // The caller repeats themselves into the silence; each "hello?" would start the wait again.
    private const double AfterRepetitionMs = 1500;

    // After playout was cleared nothing is audible for longer than this.
    private const double FlushMs = 100;

    // Late chunks of a cancelled generation are normal, a generation that goes on is not.
    private const double TalksOnMs = 1500;

    private const double DetectorLagMs = 1000;

    private const int MaxWeakNudges = 2;

    private readonly StallCounts _counts = new();
    private readonly SentenceEnd _sentence = new();

    // The model's turn.
    private bool _generating;
    private bool _turnHasAudio;
    private bool _turnHasText;
    private bool _turnHasTool;
    private bool _turnIsCut;
    private long _generationStartedAt;
    private long _cutAt;
    private double _dryMs;

    // After interrupted.
    private bool _interrupted;
    private bool _nobodySpoke;
    private bool _talksOver;
    private long _talksOnSince;
    private double _sinceCutMs;

    // The debt.
    private bool _owed;
    private bool _weak;
    private bool _suspended;
    private bool _paidByNextGeneration;
    private bool _lapsesIfPlayedOut;
    private bool _expected;
    private double _waitedMs;
    private double _waitedInAllMs;

    // Its collection.
    private int _step;
    private bool _collecting;
    private bool _weakCollection;
    private bool _freshLink;
    private bool _wordsLost;
    private int _weakNudges;
    private StallCause _firstCause;
    private long _collectingSince;

    public StallCause Cause { get; private set; }

    /// <summary>The model has not yet answered, or was cut off in the middle by the loss of its connection.</summary>
    public bool IsOwed => _owed || _wordsLost;

    /// <summary>An answer is due, or being given: this is no moment for anything else.</summary>
    public bool IsBusy => options.StallSeconds > 0 && (_owed || _generating);

    /// <summary>A tool was answered, and the model has not spoken since.</summary>
    public bool ToolAnswerIsDue => _owed && Cause == StallCause.DeafAfterTool;

    public IReadOnlyList<StallCount> Counts => _counts.Snapshot();

    /// <summary>The words that go with a nudge.</summary>
    public string Words => Cause switch
    {
        StallCause.AskedInVain => options.SpeakText,
        StallCause.SentenceCutShort => options.GoOnText,
        StallCause.DeafAfterTool => options.ToolText,
        StallCause.InterruptedWithoutEffect when floor.CallerSpeaks => options.ListenText,
        StallCause.InterruptedWithoutEffect when _nobodySpoke => options.GoOnText,
        _ => options.AnswerText,
    };

    public void Answered() => Restart();

    public void CallerStarted()
    {
        // They will say themselves what they want.
        if (_owed && _weak) Forgive();
        if (_weakCollection) _collecting = _weakCollection = false;
    }

    /// <summary>The caller has finished, and it was speech.</summary>
    public void CallerSpoke(CallerSpeech speech)
    {
        (_nobodySpoke, _talksOver) = (false, false);
        if (!IsBeingAnswered(speech) && !IsBackchannel(speech)) Owe(StallCause.NoAnswer);
    }

    public void Nudged() => Owe(StallCause.AskedInVain);

    public void ModelAudio()
    {
        _dryMs = 0;
        _turnHasAudio = true;
        if (!_generating)
        {
            _generating = true;
            _paidByNextGeneration = false;
            _generationStartedAt = time.GetTimestamp();
        }
        if (_interrupted && floor.CallerSpeaks) TalksOn();
        else if (!(_owed && _paidByNextGeneration)) Paid();
    }

    public void ModelText(ReadOnlySpan<char> text)
    {
        _turnHasText = true;
        Restart();
        _sentence.Add(text);
    }

    public void GenerationComplete()
    {
        // A cancelled generation has no end of this kind: what was said into the caller's last syllable was the answer,
        // unless it was told to stop already.
        if (_interrupted && _generating && !_collecting) Paid();
        EndGeneration();
    }

    public void TurnComplete()
    {
        EndGeneration();
        if (_owed && !_weak && !_turnHasAudio && !_turnHasTool && !_turnIsCut)
        {
            // Nothing more will come of this turn.
            _waitedMs = Math.Max(_waitedMs, Wait - options.EmptyTurnSeconds * 1000);
            if (!_collecting) Cause = StallCause.TurnWithoutAudio;
        }
        else if (!_owed && _turnHasAudio && _turnHasText && !_turnIsCut && _sentence.IsMissing && floor.Tools == 0 && _weakNudges < MaxWeakNudges)
        {
            Owe(StallCause.SentenceCutShort);
            _weak = true;
        }
        NewTurn();
    }

    public void Interrupted()
    {
        var wasGenerating = _generating;
        Cut();
        (_interrupted, _talksOver, _talksOnSince) = (true, false, 0);
        _nobodySpoke = !floor.CallerSpeaks;
        // Neither words nor a question were lost.
        if (_nobodySpoke && !wasGenerating && !floor.AgentAudible) return;
        // Playout may go on all the same: then everything that was generated is heard.
        var lapses = _nobodySpoke && !wasGenerating && !_owed;
        Owe(StallCause.InterruptedWithoutEffect);
        _lapsesIfPlayedOut = lapses;
    }

    public void FlushedLocally() => Cut();

    public void ToolAsked()
    {
        _turnHasTool = true;
        // Not a word yet, but a sign of life: the debt rests until the tool is answered.
        _suspended |= _owed && !_weak;
        (_owed, _weak, _generating, _dryMs) = (false, false, false, 0);
    }

    /// <summary>One of the tools was settled; the floor counts the rest already.</summary>
    public void ToolSettled(bool answerExpected)
    {
        _expected |= answerExpected;
        if (floor.Tools > 0) return;
        if (_expected)
        {
            // The model spoke on beside the tool: whether it has said the result there cannot be known.
            var speaksOn = _generating;
            Owe(StallCause.DeafAfterTool);
            Cause = StallCause.DeafAfterTool;
            (_weak, _paidByNextGeneration) = (speaksOn, speaksOn);
        }
        else if (_suspended)
        {
            Owe(Cause);
        }
        (_expected, _suspended) = (false, false);
    }

    public void LinkDown()
    {
        _wordsLost |= _generating;
        (_generating, _interrupted, _paidByNextGeneration) = (false, false, false);
    }

    public void LinkUp(bool fresh)
    {
        _freshLink |= fresh;
        NewTurn();
        Restart();
        if (_wordsLost && !_owed) Owe(StallCause.SentenceCutShort);
        _wordsLost = false;
    }

    /// <summary>What was waited for so far does not count: the caller was away.</summary>
    public void Restart() => (_waitedMs, _waitedInAllMs, _dryMs) = (0, 0, 0);

    /// <param name="elapsedMs">Since the last tick.</param>
    public WatchAction Tick(double elapsedMs)
    {
        if (options.StallSeconds == 0 || floor.IsPaused) return WatchAction.None;
        _sinceCutMs += elapsedMs;
        if (_talksOver && floor.CallerSpeaks)
        {
            _talksOver = false;
            Begin();
            _step = Math.Max(_step, 1);
            return WatchAction.Nudge;
        }
        if (_lapsesIfPlayedOut && floor.AgentAudible && _sinceCutMs > FlushMs && !_collecting) Forgive();
        if (!floor.IsQuiet)
        {
            if (floor.AgentAudible) Restart();
            return WatchAction.None;
        }
        if (!_owed && _generating && (_dryMs += elapsedMs) >= options.DroughtSeconds * 1000)
        {
            Owe(StallCause.SentenceCutShort);
            _generating = false;
            return Collect();
        }
        if (!_owed) return WatchAction.None;
        _waitedMs += elapsedMs;
        _waitedInAllMs += elapsedMs;
        return IsDue() ? Collect() : WatchAction.None;
    }

    // The model may be quicker than our own detector, which waits for a pause.
    private bool IsBeingAnswered(CallerSpeech speech) =>
        _generationStartedAt > speech.StartedAt && _cutAt < _generationStartedAt
        && (floor.AgentAudible || time.GetElapsedTime(speech.StoppedAt, _generationStartedAt).TotalMilliseconds > -DetectorLagMs);

    // An "mhm" while the agent speaks, which stopped nobody.
    private bool IsBackchannel(CallerSpeech speech) => floor.AgentAudible && _cutAt < speech.StartedAt && !speech.IsTranscribed;

    private double Wait => 1000 * (_collecting || _freshLink ? options.StallStepSeconds : options.StallSeconds);

    private bool IsDue()
    {
        if (_weak && Cause == StallCause.SentenceCutShort && !_sentence.IsMissing)
        {
            // The rest of the transcript came late.
            Forgive();
            return false;
        }
        return _waitedMs >= Wait || (_waitedInAllMs >= 2 * Wait && _waitedMs >= Math.Min(Wait, AfterRepetitionMs));
    }

    private WatchAction Collect()
    {
        Begin();
        Restart();
        if (_weak)
        {
            _weakNudges++;
            Forgive();
            _weakCollection = true;
            return WatchAction.Nudge;
        }
        switch (_step++)
        {
            case 0:
                if (silenceMayBeMeant && Cause != StallCause.SentenceCutShort) Forgive();
                return WatchAction.Nudge;
            case 1:
                return WatchAction.Reconnect;
            case 3:
                return WatchAction.FallBack;
            case 5:
                return WatchAction.GiveUp;
            default:
                return WatchAction.Nudge;
        }
    }

    private void Owe(StallCause cause)
    {
        if (!_owed && !_suspended)
        {
            // What is still being collected was given up as silence that may be meant.
            _collecting = _weakCollection = false;
            _waitedInAllMs = 0;
            Cause = cause;
        }
        else if (!_collecting && (_weak || Cause is StallCause.NoAnswer or StallCause.AskedInVain))
        {
            Cause = cause;
        }
        (_owed, _weak, _waitedMs) = (true, false, 0);
        (_lapsesIfPlayedOut, _paidByNextGeneration) = (false, false);
    }

    private void Begin()
    {
        if (_collecting) return;
        (_collecting, _firstCause, _collectingSince) = (true, Cause, time.GetTimestamp());
        _counts.Detected(Cause);
    }

    private void Paid()
    {
        if (_collecting) _counts.Recovered(_firstCause, time.GetElapsedTime(_collectingSince));
        Forgive();
        (_collecting, _weakCollection, _suspended, _freshLink, _step) = (false, false, false, false, 0);
    }

    private void Forgive() => (_owed, _weak, _lapsesIfPlayedOut, _paidByNextGeneration) = (false, false, false, false);

    private void TalksOn()
    {
        if (_talksOnSince == 0) _talksOnSince = time.GetTimestamp();
        else if (!_collecting) _talksOver = time.GetElapsedTime(_talksOnSince).TotalMilliseconds >= TalksOnMs;
    }

    private void Cut()
    {
        (_cutAt, _sinceCutMs) = (time.GetTimestamp(), 0);
        (_turnIsCut, _generating, _dryMs) = (true, false, 0);
    }

    private void EndGeneration() => (_generating, _interrupted, _talksOver, _paidByNextGeneration, _dryMs) = (false, false, false, false, 0);

    private void NewTurn() => (_turnHasAudio, _turnHasText, _turnHasTool, _turnIsCut) = (false, false, false, false);
}
