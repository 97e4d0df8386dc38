using VoiceGateway.Codecs;
using VoiceGateway.GeminiLive;
using VoiceGateway.Media;
using VoiceGateway.Records;
using VoiceGateway.Rtp;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// Both directions of a call's audio, and the barge-in between them.
/// <code>
///   clock thread      RTP ─▶ RtpLeg ─▶ Uplink ─▶ OnCallerPcm8kHz (recording, echo, voice activity)
///                                        └─────▶ OnUplinkFrame ─▶ [levels] ─▶ LiveLink.SendAudio   (20 ms, 16 kHz)
///   Live receive loop LiveLink ─▶ OnModelAudio ─▶ [generation gate] ─▶ Playout (24 kHz -> the line's rate)
///   clock thread      Playout ─▶ RtpLeg ─▶ RTP ─▶ OnFrameSent (marks, recording, what may come back as echo)
/// </code>
/// Delay owed by this side: uplink, the filter's 2 ms and a clock tick; downlink, the way to the next 20 ms frame.
/// Nothing here allocates per packet, blocks or logs; marks and metrics are per event.
/// </summary>
internal sealed class CallAudioPath : IRtpLegEvents, IDisposable
{
    private static readonly VoiceActivityOptions Voice = new();

    // A cough is never answered: what has not been answered by then was no question.
    private static readonly TimeSpan AnswerOwed = TimeSpan.FromSeconds(5);

    private readonly TurnTimeline _timeline;
    private readonly HeardLedger _ledger;
    private readonly CallMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly BargeInOptions _options;
    private readonly BargeIn _bargeIn;
    private readonly BargeInFollowUp _followUp;
    private readonly GenerationGate _gate;
    private readonly Goodbye _goodbye;
    private readonly DigitCollector _digits = new();
    private readonly DigitMerge _digitMerge;
    private readonly DuplexVoiceDetector _voice;
    private readonly CallerKeys _keys = new();
    private readonly LevelControl? _levels;
    private readonly short[] _levelled = [];
    private readonly ConversationWatch _watch;
    private readonly Action<WatchAction> _act;
    private readonly Action<CallEndReason, Exception?> _end;

    private volatile LiveLink? _live;
    private volatile StereoRecorder? _recorder;
    private volatile bool _apologising;
    private volatile bool _broken;
    private RtpLeg? _leg;
    private DigitQueue<char> _infoDigits;
    private int _underruns;
    private int _lostSamples;
    private int _ticksSinceLossMark;
    private int _ticks;
    private bool _recording;
    private bool _speechAwaitsFrame;
    private bool _replyAwaitsRtp;
    private long _callerSpokeAt;
    private long _speechStoppedAt;
    private long _cutAt;

    public CallAudioPath(
        TurnTimeline timeline, HeardLedger ledger, Goodbye goodbye, BargeInOptions options, CallMetrics metrics,
        TimeProvider time, ConversationWatch watch, Action<WatchAction> act, Action<CallEndReason, Exception?> end, LevelOptions? levels = null)
    {
        (_timeline, _ledger, _goodbye, _options, _metrics, _time) = (timeline, ledger, goodbye, options, metrics, time);
        (_watch, _act, _end) = (watch, act, end);
        _voice = new DuplexVoiceDetector(Voice, options.EchoSuppression);
        _bargeIn = new BargeIn(options, time);
        _followUp = new BargeInFollowUp(time);
        _gate = new GenerationGate(time);
        _digitMerge = new DigitMerge(time);
        if (levels is null or { IsNeutral: true }) return;
        _levels = new LevelControl(16000, levels);
        _levelled = new short[Uplink.FrameSamples16kHz];
    }

    public RtpLeg Leg => _leg ?? throw new InvalidOperationException("no leg yet");

    public bool HasLeg => _leg is not null;

    /// <summary>Completes when the first audio of the greeting waits in playout.</summary>
    public TaskCompletionSource FirstModelAudio { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the caller last began to speak: the words that the model transcribes later belong there.</summary>
    public TimeSpan? CallerSpokeAt => Volatile.Read(ref _callerSpokeAt) is > 0 and var ticks ? new TimeSpan(ticks) : null;

    public PlayoutStatistics Statistics => new(
        Leg.Playout.QueuedSamples / 8000.0, _underruns, Leg.Playout.DroppedSamples / 8000.0, _gate.DroppedChunks, Leg.FilledSamples / 8000.0);

    /// <summary>How both directions have sounded so far.</summary>
    public CallQuality? Quality => _leg?.Quality;

    /// <summary>The caller speaks, or spoke and waits for the answer: a bad moment to change connections.</summary>
    public bool CallerHasTheFloor =>
        _voice.IsSpeech || (Volatile.Read(ref _speechStoppedAt) is > 0 and var stopped && _time.GetElapsedTime(stopped) < AnswerOwed);

    public void Attach(RtpLeg leg) => _leg = leg;

    public void Attach(LiveLink? live) => _live = live;

    /// <summary>From the next frame on.</summary>
    public void Attach(StereoRecorder recorder) => _recorder = recorder;

    // Uplink, on the clock thread.

    void IUplinkSink.OnCallerPcm8kHz(Span<short> pcm)
    {
        _recorder?.Caller(pcm);
        HearKeys(pcm);
        var change = _voice.Process(pcm);
        if (_voice.IsOnset || _voice.IsSpeech) CallerSounds();
        switch (change)
        {
            case VoiceActivity.SpeechStarted:
                Volatile.Write(ref _callerSpokeAt, _timeline.MarkAt(TimelineMark.SpeechStarted, Before(Voice.OnsetMs)).Ticks);
                _speechAwaitsFrame = true;
                _watch.CallerStarted(Voice.OnsetMs);
                Act(_bargeIn.CallerStarted(AgentSounds, Voice.OnsetMs));
                break;
            case VoiceActivity.SpeechEnded:
                Volatile.Write(ref _speechStoppedAt, Before(Voice.HangoverMs));
                _timeline.MarkAt(TimelineMark.SpeechStopped, _speechStoppedAt);
                _watch.CallerStopped(Voice.HangoverMs);
                Act(_bargeIn.CallerStopped());
                break;
        }
    }

    float IUplinkSink.HighBandGain => _keys.IsSounding ? 0 : _voice.HighBandGain;

    void IUplinkSink.OnUplinkFrame(ReadOnlySpan<short> pcm16kHz, bool narrowband)
    {
        if (_live is not { } live) return;
        live.SendAudio(Levelled(pcm16kHz), _voice.IsSpeech, narrowband);
        if (!_speechAwaitsFrame) return;
        _speechAwaitsFrame = false;
        _timeline.Mark(TimelineMark.FirstUplinkFrame);
    }

    /// <summary>A key that came by INFO. From any thread; it counts with the next tick.</summary>
    public void OnInfoDigit(char digit) => _infoDigits.TryAdd(digit);

    void IRtpLegEvents.OnDigit(char digit) => PressedInBand(digit);

    private void PressedInBand(char digit)
    {
        if (_digitMerge.IsNew(digit, byInfo: false)) Pressed(digit);
    }

    private void Pressed(char digit)
    {
        _timeline.Mark(TimelineMark.Digit, digit);
        _watch.Digit();
        _digits.Add(digit);
    }

    void IRtpLegEvents.OnLoss(int samples)
    {
        _metrics.AudioLost(samples);
        _lostSamples += samples;
    }

    void IRtpLegEvents.OnForeign(long packets) => _metrics.ForeignPackets(packets);

    void IRtpLegEvents.OnMediaTimeout() => _end(CallEndReason.MediaTimeout, null);

    void IRtpLegEvents.OnMediaFault(Exception exception)
    {
        _broken = true;
        _end(CallEndReason.InternalError, exception);
    }

    void IRtpLegEvents.OnTick()
    {
        var audible = Leg.Playout.IsAudible;
        Act(_bargeIn.Tick(AgentSounds));
        FollowUp(_followUp.Tick());
        Leg.Playout.SetGain(_apologising ? 1 : _bargeIn.PlayoutGain);
        MarkLoss();
        while (_infoDigits.TryTake(out var digit))
            if (_digitMerge.IsNew(digit, byInfo: true)) Pressed(digit);
        if (_digits.Tick() is { } digits) Tell($"The caller pressed on the telephone keypad: {digits}");
        if (_goodbye.Tick(audible)) _end(CallEndReason.AgentHungUp, null);
        // It counts time, not ticks, in hundreds of milliseconds; and each of its parts is memory that nobody else has touched for 20 ms.
        if ((++_ticks & 1) == 0 && _watch.Tick(audible) is not WatchAction.None and var action && !_apologising) _act(action);
    }

    // Downlink, on the Live receive loop.

    public void OnModelAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        var epoch = Leg.Playout.Epoch;
        if (_apologising) return;
        if (!_gate.Admit())
        {
            _ledger.AgentAudioDropped(Samples8kHz(pcm24kHz));
            return;
        }
        _watch.ModelAudio();
        _followUp.Forget();
        var before = Leg.Playout.QueuedSamples;
        if (!Volatile.Read(ref _replyAwaitsRtp) && !Leg.Playout.IsAudible)
        {
            _timeline.Mark(TimelineMark.FirstModelAudio);
            Volatile.Write(ref _replyAwaitsRtp, true);
        }
        Leg.Playout.Enqueue(pcm24kHz, epoch);
        if (Leg.Playout.Epoch == epoch) _ledger.AgentAudio(before, Leg.Playout.QueuedSamples, _timeline.Now);
        else _ledger.AgentAudioDropped(Samples8kHz(pcm24kHz));
        FirstModelAudio.TrySetResult();
        Leg.StartReplyNow();
    }

    /// <summary>The model heard the caller speak over it. Comes before everything else in its message.</summary>
    public void OnInterrupted()
    {
        if (_apologising) return;
        _timeline.Mark(TimelineMark.Interrupted);
        _metrics.BargeIn("model");
        _watch.Interrupted();
        _gate.Interrupted();
        _bargeIn.Interrupted();
        Leg.Playout.StopFiller();
        Flush(byModel: true);
    }

    /// <summary>The model waits for its tools: that playout runs dry meanwhile is no underrun.</summary>
    public void OnToolCall() => Leg.Playout.Pause();

    public void OnGenerationComplete()
    {
        EndGeneration();
        _watch.GenerationComplete();
    }

    /// <summary>What has come from the model is played; no more of it will come.</summary>
    public void OnLinkDown()
    {
        EndGeneration();
        _ledger.LinkLost();
    }

    public void OnTurnComplete()
    {
        EndGeneration();
        _ledger.TurnComplete();
        _goodbye.TurnComplete();
        _watch.TurnComplete();
        _timeline.Mark(TimelineMark.TurnComplete);
    }

    // Downlink, leaving on the clock thread.

    void IRtpLegEvents.OnFrameSent(PlayoutFrame kind, ReadOnlySpan<short> pcm8kHz)
    {
        _voice.Sent(pcm8kHz);
        if (_recorder is { } recorder) Record(recorder, pcm8kHz);
        switch (kind)
        {
            case PlayoutFrame.Silence or PlayoutFrame.Speech or PlayoutFrame.Filler:
                break;
            case PlayoutFrame.Key:
                _keys.Deafen();
                break;
            case PlayoutFrame.SpeechStart when Volatile.Read(ref _replyAwaitsRtp):
                Volatile.Write(ref _replyAwaitsRtp, false);
                _timeline.Mark(TimelineMark.FirstReplyRtp);
                // The greeting answers nobody; neither does a reply that began while the caller was still speaking.
                if (Interlocked.Exchange(ref _speechStoppedAt, 0) is > 0 and var stopped) _metrics.TurnAnswered(_time.GetElapsedTime(stopped));
                break;
            case PlayoutFrame.SpeechEnd:
                _timeline.Mark(TimelineMark.LastReplyRtp);
                break;
            case PlayoutFrame.Fade:
                _timeline.Mark(TimelineMark.LastStaleRtp);
                if (Interlocked.Exchange(ref _cutAt, 0) is > 0 and var cut) _metrics.Flushed(_time.GetElapsedTime(cut));
                break;
            case PlayoutFrame.Underrun:
                _underruns++;
                _timeline.Mark(TimelineMark.Underrun);
                _metrics.PlayoutUnderrun();
                break;
        }
    }

    /// <summary>
    /// The recorded words that a caller is owed, in place of whatever was still to be said: until they have been played or the
    /// caller is gone. Nobody interrupts them, and they are not waited for longer than they last (the caller may be on hold).
    /// </summary>
    public async Task ApologiseAsync(short[] words24kHz, Task callerGone)
    {
        // Off the clock nothing is played any more.
        if (_broken) return;
        _apologising = true;
        _live = null;
        var playout = Leg.Playout;
        _ledger.CutAt(playout.Interrupt(_options.FadeMs), _timeline.Now);
        playout.Enqueue(words24kHz, playout.Epoch);
        playout.EndGeneration();
        var longest = TimeSpan.FromSeconds(words24kHz.Length / 24_000.0 + 1);
        for (var started = _time.GetTimestamp(); playout.IsAudible && !callerGone.IsCompleted && _time.GetElapsedTime(started) < longest;)
            await Task.Delay(TimeSpan.FromMilliseconds(40), _time).ConfigureAwait(false);
        // What has left is still on its way.
        await Task.WhenAny(callerGone, Task.Delay(TimeSpan.FromMilliseconds(200), _time)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _live = null;
        _leg?.Dispose();
        // The clock has let go of the leg: nobody uses what the echo canceller has rented.
        _voice.Reset();
    }

    public override string ToString() => HasLeg ? $"{Leg.Uplink} | {Leg.Playout}" : "no media yet";

    private void EndGeneration()
    {
        _gate.GenerationEnded();
        Leg.Playout.EndGeneration();
    }

    private void Tell(string text)
    {
        if (_live is not { } live) return;
        live.SendText(text);
        _watch.Nudged();
    }

    private void Act(BargeInAction action)
    {
        if (_apologising) return;
        switch (action)
        {
            case BargeInAction.Duck:
                _timeline.Mark(TimelineMark.Ducked);
                break;
            case BargeInAction.Restore:
                _timeline.Mark(TimelineMark.Restored);
                _metrics.FalseAlarm();
                break;
            // A tool runs, and the caller talks into the filler: that is over, and nothing else is.
            case BargeInAction.Flush when !Leg.Playout.IsAudible:
                Leg.Playout.StopFiller();
                break;
            case BargeInAction.Flush:
                _timeline.Mark(TimelineMark.FlushedLocally);
                _metrics.BargeIn("local");
                _gate.FlushedLocally();
                _watch.FlushedLocally();
                Flush(byModel: false);
                break;
        }
    }

    // Ahead of the clock when the model says so; on the clock thread the frame follows in this very tick.
    private void Flush(bool byModel)
    {
        var audible = Leg.Playout.IsAudible;
        _goodbye.Interrupted();
        Volatile.Write(ref _replyAwaitsRtp, false);
        Volatile.Write(ref _cutAt, _time.GetTimestamp());
        _ledger.CutAt(byModel ? Leg.InterruptNow(_options.FadeMs) : Leg.Playout.Interrupt(_options.FadeMs), _timeline.Now);
        if (audible) _followUp.Cut(byModel);
    }

    // A few allocations an interruption, on the clock thread; the link only queues.
    private void FollowUp(BargeInVerdict verdict)
    {
        if (verdict == BargeInVerdict.None || _apologising || _ledger.LastCut() is not { } cut) return;
        if (verdict == BargeInVerdict.Phantom)
        {
            _timeline.Mark(TimelineMark.PhantomInterrupted);
            _metrics.PhantomInterrupted();
            Tell(SystemNote.NotInterrupted(cut.Heard));
        }
        else if (_options.TellHeard)
        {
            _live?.SendContext(SystemNote.Interrupted(cut.Heard));
        }
    }

    private void HearKeys(Span<short> pcm8kHz)
    {
        if (_leg is not { HearsKeyEvents: false }) return;
        if (_keys.Hear(pcm8kHz) is { } digit) PressedInBand(digit);
    }

    private ReadOnlySpan<short> Levelled(ReadOnlySpan<short> pcm16kHz)
    {
        if (_levels is null) return pcm16kHz;
        var levelled = _levelled.AsSpan(0, pcm16kHz.Length);
        pcm16kHz.CopyTo(levelled);
        _levels.Process(levelled);
        return levelled;
    }

    private void CallerSounds()
    {
        if (_voice.IsSpeech ? _voice.PauseMs == 0 : _voice.IsOnset) _followUp.CallerHeard();
        if (_voice.IsOnset) Act(_bargeIn.CallerOnset(AgentSounds));
        if (_voice.IsSpeech) Act(_bargeIn.CallerPauses(_voice.PauseMs));
    }

    // The filler is no speech, but the caller speaks over it all the same.
    private bool AgentSounds => Leg.Playout.IsAudible || Leg.Playout.IsFilling;

    private static long Samples8kHz(ReadOnlySpan<byte> pcm24kHz) => pcm24kHz.Length / (3 * sizeof(short));

    // One mark a second at most: loss comes in packets, and the timeline is for events.
    private void MarkLoss()
    {
        if (_lostSamples == 0 || ++_ticksSinceLossMark < 50) return;
        _timeline.Mark(TimelineMark.Loss, _lostSamples);
        (_lostSamples, _ticksSinceLossMark) = (0, 0);
    }

    private void Record(StereoRecorder recorder, ReadOnlySpan<short> sent)
    {
        if (!_recording)
        {
            _recording = true;
            _timeline.Mark(TimelineMark.RecordingStarted);
        }
        recorder.Agent(sent);
    }

    private long Before(int milliseconds) => _time.GetTimestamp() - _time.TimestampFrequency * milliseconds / 1000;
}
