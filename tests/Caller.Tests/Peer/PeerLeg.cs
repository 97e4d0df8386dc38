using System.Diagnostics;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;

namespace VoiceGateway.Caller.Tests;

/// <summary>The peer's media: greets, replies when the caller has fallen silent, stops when it is spoken over.</summary>
internal sealed class PeerLeg : IRtpReceiver
{
    private readonly AgentBehaviour _behaviour;
    private readonly ToneVoice _voice;
    private readonly AgentVoice _caller = new(turnSilence: StopwatchTime.Ticks(TimeSpan.FromMilliseconds(100)), bargeInSilence: StopwatchTime.Ticks(TimeSpan.FromMilliseconds(100)));
    private readonly short[] _heard = new short[AudioFrame.MaxSamples];
    private readonly List<short> _everything = [];
    private readonly short[] _said = new short[AudioFrame.Samples];
    private readonly byte[] _payload = new byte[AudioFrame.Samples];
    private readonly TaskCompletionSource _wantsToHangUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;
    private long _speakFrom;
    private long _speakUntil;
    private int _replies;
    private bool _replying;

    public PeerLeg(RtpSessionOptions options, AgentBehaviour behaviour)
    {
        _behaviour = behaviour;
        _voice = new ToneVoice(behaviour.ToneHz);
        Session = new RtpSession(options, this);
    }

    public RtpSession Session { get; }

    public SpeechCodec Codec { get; set; } = G711Codec.MuLaw;

    public byte PayloadType { get; set; }

    public volatile bool IsAnswered;

    /// <summary>Every sample heard until now, one frame after the other; the line may still be talking.</summary>
    public short[] Heard
    {
        get
        {
            lock (_everything) return [.. _everything];
        }
    }

    public string DigitsHeard { get; private set; } = "";

    public int PacketsHeard { get; private set; }

    public Task WantsToHangUp => _wantsToHangUp.Task;

    void IRtpReceiver.OnTick(long deadlineStopwatchTicks)
    {
        if (!IsAnswered) return;
        var now = deadlineStopwatchTicks;
        if (_started == 0) Begin(now);
        if (_caller.Advance(now) == AgentChange.Ended)
        {
            _replying = true;
            Speak(_caller.LastAudible + StopwatchTime.Ticks(_behaviour.ReplyDelay), _behaviour.Reply);
        }
        if (IsSpeaking(now)) _voice.Next(_said);
        else _said.AsSpan().Clear();
        Session.Send(PayloadType, _payload.AsSpan(0, Codec.Encode(_said, _payload)), AudioFrame.Samples, marker: false);
        if (_replying && now >= _speakUntil)
        {
            _replying = false;
            if (++_replies == _behaviour.HangsUpAfterReplies) _wantsToHangUp.TrySetResult();
        }
    }

    void IRtpReceiver.OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        var now = Stopwatch.GetTimestamp();
        PacketsHeard++;
        var pcm = _heard.AsSpan(0, Codec.Decode(payload, _heard));
        lock (_everything) _everything.AddRange(pcm);
        // Spoken over: what is left to be said is dropped, but for what is already on its way.
        if (_caller.Hear(pcm, now) == AgentChange.Started && now < _speakUntil)
        {
            _replying = false;
            _speakUntil = Math.Min(_speakUntil, _caller.UtteranceStart + StopwatchTime.Ticks(_behaviour.StopsAfter));
        }
    }

    void IRtpReceiver.OnLost(int samples)
    {
    }

    void IRtpReceiver.OnStreamChanged(uint ssrc)
    {
    }

    void IRtpReceiver.OnDigit(char digit) => DigitsHeard += digit;

    private void Begin(long now)
    {
        _started = now;
        if (_behaviour.Greeting > TimeSpan.Zero) Speak(now + StopwatchTime.Ticks(_behaviour.GreetingDelay), _behaviour.Greeting);
        foreach (var digit in _behaviour.Digits) Session.SendDigit(digit);
    }

    private void Speak(long from, TimeSpan duration)
    {
        _speakFrom = from;
        _speakUntil = from + StopwatchTime.Ticks(duration + (_replying ? _behaviour.ReplyPause : TimeSpan.Zero));
    }

    private bool IsSpeaking(long now)
    {
        if (now < _speakFrom || now >= _speakUntil) return false;
        if (!_replying || _behaviour.ReplyPause == TimeSpan.Zero) return true;
        var pauseFrom = _speakFrom + StopwatchTime.Ticks(_behaviour.Reply / 2);
        return now < pauseFrom || now >= pauseFrom + StopwatchTime.Ticks(_behaviour.ReplyPause);
    }
}
