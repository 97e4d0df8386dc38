using VoiceGateway.Codecs;
using VoiceGateway.GeminiLive;
using VoiceGateway.Media;
using VoiceGateway.Records;
using VoiceGateway.Telemetry;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// Both directions of a call's audio, and the barge-in between them.
/// <code>
///   clock thread      RTP ─▶ RtpLeg ─▶ Uplink ─▶ OnCallerPcm8kHz (voice activity, recording)
///                                        └─────▶ OnUplinkFrame ─▶ LiveLink.SendAudio   (20 ms, 16 kHz)
///   Live receive loop LiveLink ─▶ OnModelAudio ─▶ [generation gate] ─▶ Playout (24 -> 8 kHz, codec bytes)
///   clock thread      Playout ─▶ RtpLeg ─▶ RTP ─▶ OnFrameSent (marks, recording)
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
    private readonly GenerationGate _gate;
    private readonly Goodbye _goodbye;
    private readonly DigitCollector _digits = new();
    private readonly VoiceActivityDetector _voice = new(8000, Voice);
    private readonly float _duckedGain;
    private readonly short[] _recorded = new short[160];
    private readonly ConversationWatch _watch;
    private readonly Action<WatchAction> _act;
    private readonly Action<CallEndReason, Exception?> _end;

    private volatile LiveLink? _live;
    private volatile StereoRecorder? _recorder;
    private volatile bool _apologising;
    private volatile bool _broken;
    private RtpLeg? _leg;
    private int _underruns;
    private int _lostSamples;
    private int _ticksSinceLossMark;
    private bool _recording;
    private bool _speechAwaitsFrame;
    private bool _replyAwaitsRtp;
    private long _callerSpokeAt;
    private long _speechStoppedAt;
    private long _cutAt;

    public CallAudioPath(
        TurnTimeline timeline, HeardLedger ledger, Goodbye goodbye, BargeInOptions options, CallMetrics metrics,
        TimeProvider time, ConversationWatch watch, Action<WatchAction> act, Action<CallEndReason, Exception?> end)
    {
        (_timeline, _ledger, _goodbye, _options, _metrics, _time) = (timeline, ledger, goodbye, options, metrics, time);
        (_watch, _act, _end) = (watch, act, end);
        _duckedGain = (float)Math.Pow(10, -options.DuckDb / 20);
        _bargeIn = new BargeIn(options, time);
        _gate = new GenerationGate(time);
    }

    public RtpLeg Leg => _leg ?? throw new InvalidOperationException("no leg yet");

    public bool HasLeg => _leg is not null;

    /// <summary>Completes when the first audio of the greeting waits in playout.</summary>
    public TaskCompletionSource FirstModelAudio { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the caller last began to speak: the words that the model transcribes later belong there.</summary>
    public TimeSpan? CallerSpokeAt => Volatile.Read(ref _callerSpokeAt) is > 0 and var ticks ? new TimeSpan(ticks) : null;

    public PlayoutStatistics Statistics => new(
        Leg.Playout.QueuedSamples / 8000.0, _underruns, Leg.Playout.DroppedSamples / 8000.0, _gate.DroppedChunks, Leg.FilledSamples / 8000.0);

    /// <summary>The caller speaks, or spoke and waits for the answer: a bad moment to change connections.</summary>
    public bool CallerHasTheFloor =>
        _voice.IsSpeech || (Volatile.Read(ref _speechStoppedAt) is > 0 and var stopped && _time.GetElapsedTime(stopped) < AnswerOwed);

    public void Attach(RtpLeg leg) => _leg = leg;

    public void Attach(LiveLink? live) => _live = live;

    /// <summary>From the next frame on.</summary>
    public void Attach(StereoRecorder recorder) => _recorder = recorder;

    // Uplink, on the clock thread.

    void IUplinkSink.OnCallerPcm8kHz(ReadOnlySpan<short> pcm)
    {
        _recorder?.Caller(pcm);
        switch (_voice.Process(pcm))
        {
            case VoiceActivity.SpeechStarted:
                Volatile.Write(ref _callerSpokeAt, _timeline.MarkAt(TimelineMark.SpeechStarted, Before(Voice.OnsetMs)).Ticks);
                _speechAwaitsFrame = true;
                _watch.CallerStarted(Voice.OnsetMs);
                Act(_bargeIn.CallerStarted(Leg.Playout.IsAudible));
                break;
            case VoiceActivity.SpeechEnded:
                Volatile.Write(ref _speechStoppedAt, Before(Voice.HangoverMs));
                _timeline.MarkAt(TimelineMark.SpeechStopped, _speechStoppedAt);
                _watch.CallerStopped(Voice.HangoverMs);
                Act(_bargeIn.CallerStopped());
                break;
        }
    }

    void IUplinkSink.OnUplinkFrame(ReadOnlySpan<short> pcm16kHz)
    {
        if (_live is not { } live) return;
        live.SendAudio(pcm16kHz, _voice.IsSpeech);
        if (!_speechAwaitsFrame) return;
        _speechAwaitsFrame = false;
        _timeline.Mark(TimelineMark.FirstUplinkFrame);
    }

    void IRtpLegEvents.OnDigit(char digit)
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

    void IRtpLegEvents.OnMediaTimeout() => _end(CallEndReason.MediaTimeout, null);

    void IRtpLegEvents.OnMediaFault(Exception exception)
    {
        _broken = true;
        _end(CallEndReason.InternalError, exception);
    }

    void IRtpLegEvents.OnTick()
    {
        var audible = Leg.Playout.IsAudible;
        Act(_bargeIn.Tick(audible));
        Leg.Playout.SetGain(_bargeIn.IsDucked && !_apologising ? _duckedGain : 1);
        MarkLoss();
        if (_digits.Tick() is { } digits) Tell($"The caller pressed on the telephone keypad: {digits}");
        if (_goodbye.Tick(audible)) _end(CallEndReason.AgentHungUp, null);
        if (_watch.Tick(audible) is not WatchAction.None and var action && !_apologising) _act(action);
    }

    // Downlink, on the Live receive loop.

    public void OnModelAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        var epoch = Leg.Playout.Epoch;
        if (_apologising || !_gate.Admit()) return;
        _watch.ModelAudio();
        var before = Leg.Playout.QueuedSamples;
        if (!Volatile.Read(ref _replyAwaitsRtp) && !Leg.Playout.IsAudible)
        {
            _timeline.Mark(TimelineMark.FirstModelAudio);
            Volatile.Write(ref _replyAwaitsRtp, true);
        }
        Leg.Playout.Enqueue(pcm24kHz, epoch);
        if (Leg.Playout.Epoch == epoch) _ledger.AgentAudio(before, Leg.Playout.QueuedSamples, _timeline.Now);
        FirstModelAudio.TrySetResult();
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
        Flush(ahead: true);
    }

    /// <summary>The model waits for its tools: that playout runs dry meanwhile is no underrun.</summary>
    public void OnToolCall() => Leg.Playout.Pause();

    public void OnGenerationComplete()
    {
        _gate.GenerationEnded();
        Leg.Playout.EndGeneration();
        _watch.GenerationComplete();
    }

    /// <summary>What has come from the model is played; no more of it will come.</summary>
    public void OnLinkDown()
    {
        _gate.GenerationEnded();
        Leg.Playout.EndGeneration();
        _ledger.TurnComplete();
    }

    public void OnTurnComplete()
    {
        OnGenerationComplete();
        _ledger.TurnComplete();
        _goodbye.TurnComplete();
        _watch.TurnComplete();
        _timeline.Mark(TimelineMark.TurnComplete);
    }

    // Downlink, leaving on the clock thread.

    void IRtpLegEvents.OnFrameSent(PlayoutFrame kind, ReadOnlySpan<byte> payload)
    {
        if (_recorder is { } recorder) Record(recorder, payload);
        switch (kind)
        {
            case PlayoutFrame.Silence or PlayoutFrame.Speech:
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
        _ledger.CutAt(playout.Interrupt(_options.FadeMs));
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
    }

    public override string ToString() => HasLeg ? $"{Leg.Uplink} | {Leg.Playout}" : "no media yet";

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
                break;
            case BargeInAction.Flush:
                _timeline.Mark(TimelineMark.FlushedLocally);
                _metrics.BargeIn("local");
                _gate.FlushedLocally();
                _watch.FlushedLocally();
                Flush(ahead: false);
                break;
        }
    }

    // Ahead of the clock when the model says so; on the clock thread the frame follows in this very tick.
    private void Flush(bool ahead)
    {
        _goodbye.Interrupted();
        Volatile.Write(ref _replyAwaitsRtp, false);
        Volatile.Write(ref _cutAt, _time.GetTimestamp());
        _ledger.CutAt(ahead ? Leg.InterruptNow(_options.FadeMs) : Leg.Playout.Interrupt(_options.FadeMs));
    }

    // One mark a second at most: loss comes in packets, and the timeline is for events.
    private void MarkLoss()
    {
        if (_lostSamples == 0 || ++_ticksSinceLossMark < 50) return;
        _timeline.Mark(TimelineMark.Loss, _lostSamples);
        (_lostSamples, _ticksSinceLossMark) = (0, 0);
    }

    private void Record(StereoRecorder recorder, ReadOnlySpan<byte> payload)
    {
        if (!_recording)
        {
            _recording = true;
            _timeline.Mark(TimelineMark.RecordingStarted);
        }
        var codec = Leg.Playout.Codec;
        recorder.Agent(_recorded.AsSpan(0, codec.Decode(payload, _recorded)));
    }

    private long Before(int milliseconds) => _time.GetTimestamp() - _time.TimestampFrequency * milliseconds / 1000;
}
