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
///                                        └─────▶ OnUplinkFrame ─▶ LiveSession.TrySendAudio   (20 ms, 16 kHz)
///   Live receive loop LiveSession ─▶ OnModelAudio ─▶ [generation gate] ─▶ Playout (24 -> 8 kHz, codec bytes)
///   clock thread      Playout ─▶ RtpLeg ─▶ RTP ─▶ OnFrameSent (marks, recording)
/// </code>
/// Delay owed by this side: uplink, the filter's 2 ms and a clock tick; downlink, the way to the next 20 ms frame.
/// Nothing here allocates per packet, blocks or logs; marks and metrics are per event.
/// </summary>
internal sealed class CallAudioPath : IRtpLegEvents, IAsyncDisposable
{
    private static readonly VoiceActivityOptions Voice = new();

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
    private readonly StereoRecorder? _recorder;
    private readonly short[] _recorded = new short[160];
    private readonly Action<CallEndReason, Exception?> _end;

    private volatile LiveSession? _live;
    private RtpLeg? _leg;
    private int _underruns;
    private bool _recording;
    private bool _speechAwaitsFrame;
    private bool _replyAwaitsRtp;
    private long _speechStoppedAt;
    private long _cutAt;

    public CallAudioPath(
        TurnTimeline timeline, HeardLedger ledger, Goodbye goodbye, BargeInOptions options, CallMetrics metrics,
        TimeProvider time, StereoRecorder? recorder, Action<CallEndReason, Exception?> end)
    {
        (_timeline, _ledger, _goodbye, _options, _metrics, _time, _recorder, _end) = (timeline, ledger, goodbye, options, metrics, time, recorder, end);
        _bargeIn = new BargeIn(options, time);
        _gate = new GenerationGate(time);
    }

    public RtpLeg Leg => _leg ?? throw new InvalidOperationException("no leg yet");

    public bool HasLeg => _leg is not null;

    /// <summary>Completes when the first audio of the greeting waits in playout.</summary>
    public TaskCompletionSource FirstModelAudio { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the caller last began to speak: the words that the model transcribes later belong there.</summary>
    public TimeSpan? CallerSpokeAt { get; private set; }

    public PlayoutStatistics Statistics => new(
        Leg.Playout.QueuedSamples / 8000.0, _underruns, Leg.Playout.DroppedSamples / 8000.0, _gate.DroppedChunks, Leg.FilledSamples / 8000.0);

    public void Attach(RtpLeg leg) => _leg = leg;

    public void Attach(LiveSession? live) => _live = live;

    // ── Uplink ──────────────────────────────────────────────────────────────────────────────────────── clock thread

    void IUplinkSink.OnCallerPcm8kHz(ReadOnlySpan<short> pcm)
    {
        _recorder?.Caller(pcm);
        switch (_voice.Process(pcm))
        {
            case VoiceActivity.SpeechStarted:
                CallerSpokeAt = _timeline.MarkAt(TimelineMark.SpeechStarted, Before(Voice.OnsetMs));
                _speechAwaitsFrame = true;
                Act(_bargeIn.CallerStarted(Leg.Playout.IsAudible));
                break;
            case VoiceActivity.SpeechEnded:
                Volatile.Write(ref _speechStoppedAt, Before(Voice.HangoverMs));
                _timeline.MarkAt(TimelineMark.SpeechStopped, _speechStoppedAt);
                Act(_bargeIn.CallerStopped());
                break;
        }
    }

    void IUplinkSink.OnUplinkFrame(ReadOnlySpan<short> pcm16kHz)
    {
        if (_live is not { } live) return;
        live.TrySendAudio(pcm16kHz);
        if (!_speechAwaitsFrame) return;
        _speechAwaitsFrame = false;
        _timeline.Mark(TimelineMark.FirstUplinkFrame);
    }

    void IRtpLegEvents.OnDigit(char digit)
    {
        _timeline.Mark(TimelineMark.Digit, digit);
        _digits.Add(digit);
    }

    void IRtpLegEvents.OnLoss(int samples)
    {
        _timeline.Mark(TimelineMark.Loss, samples);
        _metrics.AudioLost(samples);
    }

    void IRtpLegEvents.OnMediaTimeout() => _end(CallEndReason.MediaTimeout, null);

    void IRtpLegEvents.OnMediaFault(Exception exception) => _end(CallEndReason.InternalError, exception);

    void IRtpLegEvents.OnTick()
    {
        var audible = Leg.Playout.IsAudible;
        Act(_bargeIn.Tick(audible));
        if (_digits.Tick() is { } digits) _live?.SendText($"The caller pressed on the telephone keypad: {digits}");
        if (_goodbye.Tick(audible)) _end(CallEndReason.AgentHungUp, null);
    }

    // ── Downlink ─────────────────────────────────────────────────────────────────────────────── Live receive loop

    public void OnModelAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        if (!_gate.Admit()) return;
        var before = Leg.Playout.QueuedSamples;
        if (!Volatile.Read(ref _replyAwaitsRtp) && !Leg.Playout.IsAudible)
        {
            _timeline.Mark(TimelineMark.FirstModelAudio);
            Volatile.Write(ref _replyAwaitsRtp, true);
        }
        var after = Leg.Playout.Enqueue(pcm24kHz);
        _ledger.AgentAudio(before, after, _timeline.Now);
        FirstModelAudio.TrySetResult();
    }

    /// <summary>The model heard the caller speak over it. Comes before everything else in its message.</summary>
    public void OnInterrupted()
    {
        _timeline.Mark(TimelineMark.Interrupted);
        _metrics.BargeIn("model");
        _gate.Interrupted();
        _bargeIn.Interrupted();
        Flush(ahead: true);
    }

    /// <summary>The model waits for its tools: that playout runs dry meanwhile is no underrun.</summary>
    public void OnToolCall() => Leg.Playout.EndGeneration();

    public void OnGenerationComplete()
    {
        _gate.GenerationEnded();
        Leg.Playout.EndGeneration();
    }

    public void OnTurnComplete()
    {
        OnGenerationComplete();
        _ledger.TurnComplete();
        _goodbye.TurnComplete();
        _timeline.Mark(TimelineMark.TurnComplete);
    }

    // ── Leaving ──────────────────────────────────────────────────────────────────────────────────────── clock thread

    void IRtpLegEvents.OnFrameSent(PlayoutFrame kind, ReadOnlySpan<byte> payload)
    {
        if (_recorder is not null) Record(payload);
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

    /// <summary>The recorded words that a caller is owed, in place of whatever was still to be said; until they have been heard or the caller is gone.</summary>
    public async Task ApologiseAsync(short[] words24kHz, Task callerGone)
    {
        _live = null;
        var playout = Leg.Playout;
        playout.Interrupt(_options.FadeMs);
        playout.SetGain(1);
        playout.Enqueue(words24kHz);
        playout.EndGeneration();
        while (playout.IsAudible && !callerGone.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(40), _time).ConfigureAwait(false);
        // What has left is still on its way.
        await Task.WhenAny(callerGone, Task.Delay(TimeSpan.FromMilliseconds(200), _time)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _live = null;
        _leg?.Dispose();
        if (_recorder is not null) await _recorder.DisposeAsync().ConfigureAwait(false);
    }

    public override string ToString() => HasLeg ? $"{Leg.Uplink} | {Leg.Playout}" : "no media yet";

    private void Act(BargeInAction action)
    {
        switch (action)
        {
            case BargeInAction.Duck:
                Leg.Playout.SetGain((float)Math.Pow(10, -_options.DuckDb / 20));
                _timeline.Mark(TimelineMark.Ducked);
                break;
            case BargeInAction.Restore:
                Leg.Playout.SetGain(1);
                _timeline.Mark(TimelineMark.Restored);
                break;
            case BargeInAction.Flush:
                _timeline.Mark(TimelineMark.FlushedLocally);
                _metrics.BargeIn("local");
                _gate.FlushedLocally();
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
        Leg.Playout.SetGain(1);
    }

    private void Record(ReadOnlySpan<byte> payload)
    {
        if (!_recording)
        {
            _recording = true;
            _timeline.Mark(TimelineMark.RecordingStarted);
        }
        var codec = Leg.Playout.Codec;
        _recorder!.Agent(_recorded.AsSpan(0, codec.Decode(payload, _recorded)));
    }

    private long Before(int milliseconds) => _time.GetTimestamp() - _time.TimestampFrequency * milliseconds / 1000;
}
