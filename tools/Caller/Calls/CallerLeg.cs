using System.Diagnostics;
using System.Net;
using System.Text;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>
/// The caller's end of the media: speaks, listens and measures. Everything but <see cref="Answered"/> runs on the clock thread.
/// </summary>
/// <remarks>
/// <code>
/// script -> mouth -> encode -> RtpSession -> network          every 20 ms
/// network -> RtpSession -> decode -> agent's voice -> turns   as packets come
///                             |-> tape
/// </code>
/// Nothing here allocates per packet; the tape takes a block a second, a turn and a step their few objects.
/// </remarks>
internal sealed class CallerLeg : IRtpReceiver, IDisposable
{
    private readonly RtpSession _session;
    private readonly CallerOptions _options;
    private readonly ScriptPlayer _player;
    private readonly CallerEventFeed _events;
    private readonly CallTape? _tape;
    private readonly long _lateGap;
    private readonly long _silentGap;
    private readonly long _heldUp;
    private long _lastTick;
    private readonly TaskCompletionSource<Exception?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _problems = [];
    private readonly StringBuilder _digitsHeard = new();
    private readonly short[] _said = new short[AudioFrame.Samples];
    private readonly short[] _heard = new short[AudioFrame.MaxSamples];
    private readonly byte[] _payload = new byte[AudioFrame.Samples];
    private readonly short[] _wideSaid = new short[AudioFrame.WideSamples];
    private readonly short[] _wideHeard = new short[2 * AudioFrame.MaxSamples];
    private readonly Resampler _toNarrow = Resampler.From16To8kHz();
    private readonly Resampler _toWide = Resampler.From8To16kHz();
    private readonly Mouth _mouth = new();
    private volatile LegMedia? _media;
    private long _answered;
    private bool _started;
    private Turn? _turn;
    private long _keysUntil;
    private int _listenedTo;

    public CallerLeg(RtpSessionOptions rtp, CallerOptions options, CallerScript script, CallerEventFeed events, TimeSpan clockTick)
    {
        _heldUp = StopwatchTime.Frame + 2 * StopwatchTime.Ticks(clockTick);
        _options = options;
        _player = new ScriptPlayer(script);
        _events = events;
        _tape = options.Record ? new CallTape(options.MaxDuration) : null;
        _lateGap = StopwatchTime.Ticks(options.LateGap);
        _silentGap = StopwatchTime.Ticks(options.SilentGap);
        Agent = new AgentVoice(StopwatchTime.Ticks(options.TurnSilence), StopwatchTime.Ticks(options.BargeInSilence));
        Arrivals = new ArrivalMeter(options.Arrivals ?? new ArrivalHistogram());
        _session = new RtpSession(rtp, this);
    }

    public RtpSession Session => _session;

    /// <summary>The bad network that the caller's RTP goes through; null: none.</summary>
    public ImpairedPath? Path { get; init; }

    public AgentVoice Agent { get; }

    public ArrivalMeter Arrivals { get; }

    public TurnLog Turns { get; } = new();

    public GapLog Gaps { get; } = new();

    public IReadOnlyList<string> Problems => _problems;

    public string DigitsHeard => _digitsHeard.ToString();

    public long FirstSpeech { get; private set; }

    public bool ScriptFinished => _player.IsFinished;

    public bool IsFinishedByBye => _player.IsFinishedByBye;

    /// <summary>Completes when the script is done (null) or the media failed.</summary>
    public Task<Exception?> Done => _done.Task;

    public bool IsSpeaking => _mouth.IsSpeaking;

    public bool KeysSent => _session.DigitsSent;

    public bool CanSendDigits => _media is { TelephoneEvents: true };

    /// <summary>The agent has begun to say something that the script has not listened to, and not spoken over.</summary>
    public bool AgentHasSpoken => Agent.Utterances > _listenedTo;

    /// <summary>From the signalling, at the 200 and whenever the session is renegotiated.</summary>
    public void Answered(NegotiatedAudio audio, long answered)
    {
        _session.SetSrtp(CallerKeys.Of(audio.Srtp));
        if (audio.RemoteRtp is { } remote) SetRemote(remote, audio.RemoteRtcp);
        _session.SetTelephoneEvent(audio.TelephoneEventReceivePayloadType, audio.TelephoneEventPayloadType);
        Volatile.Write(ref _answered, answered);
        _media = LegMedia.Of(audio, _media);
    }

    public void Listened() => _listenedTo = Agent.Utterances;

    public void Problem(string what) => _problems.Add(what);

    public void Say(SpeechClip clip, Turn turn)
    {
        _turn = turn;
        _mouth.Say(clip, fromVoice: turn.Kind == TurnKind.Interrupt);
    }

    public void BeginKeys(Turn turn, long now) => CallerBegins(turn, now, CallerEventKind.Dtmf);

    public void Press(char digit, TimeSpan duration) => _session.SendDigit(digit, (int)duration.TotalMilliseconds);

    public void EndKeysAt(long until) => _keysUntil = until;

    void IRtpReceiver.OnTick(long deadlineStopwatchTicks)
    {
        var now = _lastTick = deadlineStopwatchTicks;
        if (!Start()) return;
        Apply(Agent.Advance(now));
        if (_keysUntil != 0 && now >= _keysUntil) CallerEnds(_keysUntil);
        if (_player.Tick(this, now)) _done.TrySetResult(null);
        Speak(now);
    }

    void IRtpReceiver.OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        var now = Stopwatch.GetTimestamp();
        var late = Arrivals.OnPacket(now, timestamp, clockWasLate: _lastTick != 0 && now - _lastTick > _heldUp);
        if (!Start() || _media!.CodecOf(payloadType) is not { } codec || payload.Length > _heard.Length) return;
        if (late > _lateGap) Gap(GapKind.Late, now, late);

        var pcm = _heard.AsSpan(0, Decode(codec, payload, out var wide));
        _tape?.Heard(now, timestamp, pcm, wide);
        Apply(Agent.Hear(pcm, now));
        if (Agent.SilenceBefore > _silentGap) Gap(GapKind.Silence, now - Agent.SilenceBefore, Agent.SilenceBefore);
    }

    void IRtpReceiver.OnLost(int samples) => Gap(GapKind.Lost, Stopwatch.GetTimestamp(), StopwatchTime.FromSamples(samples));

    void IRtpReceiver.OnStreamChanged(uint ssrc)
    {
        Arrivals.Restart();
        _tape?.Restart();
    }

    void IRtpReceiver.OnDigit(char digit)
    {
        _digitsHeard.Append(digit);
        _events.Post(CallerEventKind.DtmfHeard, Stopwatch.GetTimestamp(), digit.ToString());
    }

    void IRtpReceiver.OnFault(Exception exception) => _done.TrySetResult(exception);

    /// <summary>Once the clock no longer calls: what was still going on is over now.</summary>
    public CallRecording Finish()
    {
        if (Agent.IsSpeaking) Turns.AgentEnded(Agent.LastAudible);
        return _tape?.Finish() ?? CallRecording.Empty;
    }

    public void Dispose() => _session.Dispose();

    private void SetRemote(IPEndPoint rtp, IPEndPoint? rtcp)
    {
        if (Path is { } path && rtp.Port != 0) _session.SetRemote(path.Towards(rtp), rtcp ?? new IPEndPoint(rtp.Address, rtp.Port + 1));
        else _session.SetRemote(rtp, rtcp);
    }

    private bool Start()
    {
        if (_started) return true;
        var answered = Volatile.Read(ref _answered);
        if (answered == 0 || _media is null) return false;
        _started = true;
        Turns.Answered(answered);
        _tape?.Start(answered);
        return true;
    }

    private void Speak(long now)
    {
        var media = _media;
        var wide = media is { Codec.HasState: true };
        var frame = _mouth.Next(_said, wide ? _wideSaid : default);
        if (frame.Begins && _turn is { } turn) CallerBegins(turn, now, CallerEventKind.CallerSpeaks);
        if (_options.Line is { } line)
        {
            line.Carry(_said, now);
            // Such a line is the telephone's: nothing of a wideband voice passes it but its lower half.
            if (wide) _toWide.Process(_said, _wideSaid);
        }
        _tape?.Said(now, _said);
        if (media is { MaySend: true })
            _session.Send(media.PayloadType, _payload.AsSpan(0, media.Codec.Encode(wide ? _wideSaid : _said, _payload)), AudioFrame.Samples, frame.Begins);
        else
            _session.Skip(AudioFrame.Samples);
        if (frame.Ends) CallerEnds(now);
    }

    // Whatever was spoken: what is listened to and measured is the telephone band.
    private int Decode(SpeechCodec codec, ReadOnlySpan<byte> payload, out ReadOnlySpan<short> wide)
    {
        wide = default;
        if (codec.SampleRateHz == AudioFrame.SampleRateHz) return codec.Decode(payload, _heard);
        wide = _wideHeard.AsSpan(0, codec.Decode(payload, _wideHeard));
        return _toNarrow.Process(wide, _heard);
    }

    private void CallerBegins(Turn turn, long now, CallerEventKind kind)
    {
        Agent.Interrupt();
        Apply(Agent.Advance(now));
        Turns.CallerStarted(turn, now, Agent.IsSpeaking);
        Listened();
        if (Agent.IsSpeaking && kind == CallerEventKind.CallerSpeaks) kind = CallerEventKind.Interrupts;
        _events.Post(kind, now, turn.Text);
    }

    private void CallerEnds(long now)
    {
        _keysUntil = 0;
        Turns.CallerEnded(now);
        _events.Post(CallerEventKind.CallerSilent, now);
    }

    private void Apply(AgentChange change)
    {
        switch (change)
        {
            case AgentChange.Started:
                if (FirstSpeech == 0) FirstSpeech = Agent.UtteranceStart;
                Turns.AgentStarted(Agent.UtteranceStart);
                _events.Post(CallerEventKind.AgentSpeaks, Agent.UtteranceStart);
                break;
            case AgentChange.Ended:
                Turns.AgentEnded(Agent.LastAudible);
                _events.Post(CallerEventKind.AgentSilent, Agent.LastAudible);
                break;
        }
    }

    private void Gap(GapKind kind, long at, long duration)
    {
        if (_started) Gaps.Add(kind, StopwatchTime.Milliseconds(at - _answered), StopwatchTime.Milliseconds(duration));
    }
}
