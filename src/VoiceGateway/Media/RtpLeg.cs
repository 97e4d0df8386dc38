using System.Buffers;
using System.Diagnostics;
using System.Net;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>
/// The telephone side of a call: one RTP session on the shared clock, the uplink behind its receiver, playout before its sender.
/// <code>
///   RTP ─▶ RtpSession ─▶ Uplink  ─▶ (Live)
///   RTP ◀─ RtpSession ◀─ Packetizer ◀─ Playout ◀─ (Live)
/// </code>
/// </summary>
public sealed class RtpLeg : IRtpReceiver, IPacketSink, IDisposable
{
    // RFC 3551 table 4. Taken even when it was not agreed: there are gateways that send it unasked, and it does no harm.
    private const byte ComfortNoise = 13;

    private const int TicksPerSecond = 1000 / Playout.FrameMs;

    private static readonly short[] Nothing = new short[Playout.FrameSamples8kHz];

    private readonly IRtpLegEvents _events;
    private readonly RtpSession _session;
    private readonly Uplink _uplink;
    private readonly Packetizer _packetizer;
    private readonly RemoteHost _remoteHost;
    private readonly int _timeoutTicks;
    private readonly bool _startsAtOnce;
    private ClockLease? _lease;
    private volatile NegotiatedAudio? _negotiated;
    private volatile OutgoingFormat? _format;
    private volatile SpeechCodec?[] _codecs = SpeechCodecs.ByPayloadType(LocalAudio.G711);
    private volatile bool _playing;
    private int _ticksWithoutRtp;
    private long _lastAudioAt = Stopwatch.GetTimestamp();
    private bool _timedOut;
    private uint? _streamSsrc;
    private long _reportsSeen;
    private long _foreignTold;
    private int _ticksSinceForeign;
    private bool _resumes;
    private long _lossBursts;

    /// <param name="ports">Owned from here on.</param>
    /// <param name="events">The call.</param>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="time">Source of time.</param>
    /// <param name="pool">For playout's queue.</param>
    /// <param name="resolver">For host names in SDP; null: the system's.</param>
    public RtpLeg(
        RtpPorts ports, IRtpLegEvents events, MediaOptions options, TimeProvider time, ArrayPool<byte> pool, IMediaHostResolver? resolver = null)
    {
        _events = events;
        _timeoutTicks = options.TimeoutSeconds * TicksPerSecond;
        _startsAtOnce = options.StartRepliesAtOnce;
        Playout = new Playout(codec: null, options.PlayoutMaxSeconds, pool, options.Downlink, options.ComfortNoiseDbov);
        _uplink = new Uplink(events);
        _packetizer = new Packetizer(this, Playout.FrameSamples8kHz, Playout.FrameBytes);
        _session = new RtpSession(new RtpSessionOptions { Ports = ports, TimeProvider = time }, this);
        _remoteHost = new RemoteHost(resolver ?? SystemMediaHostResolver.Instance, time, _session.ForgetRemote, _session.SetResolvedRemote);
    }

    public Playout Playout { get; }

    public Uplink Uplink => _uplink;

    public NegotiatedAudio? Negotiated => _negotiated;

    public RtpStatistics Statistics => _session.Statistics;

    public long FilledSamples => _uplink.FilledSamples;

    /// <summary>How both directions have sounded so far; null before there was anything to hear.</summary>
    public CallQuality? Quality => _negotiated is { } negotiated
        ? CallQuality.Of(_session.Statistics, CodecImpairment.Of(negotiated.Codec.EncodingName), negotiated.PtimeMs, Volatile.Read(ref _lossBursts)) : null;

    /// <summary>The peer sends keys as RTP events (RFC 4733): what sounds like one is none.</summary>
    public bool HearsKeyEvents => _negotiated is not { TelephoneEventReceivePayloadType: null };

    /// <summary>No key is being sent, and none waits.</summary>
    public bool KeysSent => _session.DigitsSent && Playout.Keys.IsIdle;

    /// <summary>A key would leave now: the call is up, and the peer takes our audio.</summary>
    public bool SendsKeys => _playing && _negotiated is { IsBlackHole: false } negotiated && negotiated.LocalDirection.CanSend();

    public int Port => _session.LocalEndPoint.Port;

    /// <summary>From now on one of the clocks serves this leg: it receives, and fills what does not come.</summary>
    public void Start(MediaEngine clocks) => _lease = clocks.Add(_session);

    /// <summary>The outcome of an offer and its answer; again after every re-INVITE.</summary>
    /// <param name="negotiated">What was agreed.</param>
    /// <param name="isAnotherPeer">In another dialog than the last time.</param>
    public void Apply(NegotiatedAudio negotiated, bool isAnotherPeer = false)
    {
        var format = OutgoingFormat.Of(negotiated, _format, isAnotherPeer);
        // Nothing leaves before there is a format. Later, in the other order: a frame in the new codec finds its payload type, and one in the old its own.
        if (_format is null) Playout.ChangeCodec(format.Codec);
        _format = format;
        Playout.ChangeCodec(format.Codec);
        // Before there is somewhere to send: nothing leaves in the clear, or under the key of somebody else.
        if (negotiated is not { IsBlackHole: true, Srtp: null }) _session.SetSrtp(SrtpKeys.Of(negotiated.Srtp));
        ApplyRemote(negotiated);
        ApplyPayloadTypes(negotiated);
        _negotiated = negotiated;
    }

    /// <summary>
    /// Cuts playout and lets its fade leave at once, ahead of the clock: nothing stale is heard for another 20 ms.
    /// Not on the clock thread, where the frame follows anyway.
    /// </summary>
    /// <returns>The played position of the cut.</returns>
    public long InterruptNow(int fadeMs)
    {
        var cut = Playout.Interrupt(fadeMs);
        if (_playing && Playout.IsAudible) TickNow();
        return cut;
    }

    /// <summary>
    /// A reply waits and nothing sounds: its first packet leaves with the clock's next tick, if that is wanted
    /// (<see cref="MediaOptions.StartRepliesAtOnce"/>), and the others a frame apart, until the agent is silent again. Timestamps go on by samples
    /// (RFC 3550 section 5.1: the nominal instant), so that none overlaps what was sent: the packets are early, nothing else.
    /// </summary>
    public void StartReplyNow()
    {
        if (_startsAtOnce && _playing && _format is { PacketMs: <= Playout.FrameMs } && Playout.IsAboutToSpeak) _lease?.RunAhead();
    }

    /// <summary>Sends a key to the peer: as an event (RFC 4733) where that was agreed, else as tones in the audio. From any thread.</summary>
    /// <param name="digit">0-9, *, #, A-D.</param>
    /// <param name="durationMs">40 and more.</param>
    /// <returns>How it goes; null: not, because we are on hold, or too many wait.</returns>
    public KeysAs? SendKey(char digit, int durationMs)
    {
        if (!SendsKeys || _negotiated is not { } negotiated) return null;
        if (negotiated.TelephoneEventPayloadType is not null) return _session.SendDigit(digit, durationMs) ? KeysAs.Events : null;
        return Playout.Keys.TryQueue(digit, durationMs) ? KeysAs.Tones : null;
    }

    /// <summary>Forgets the keys that have not begun; on hold, where a tone stands still, what is left of one too. From any thread.</summary>
    public void DropKeys()
    {
        _session.DropDigits();
        Playout.Keys.Drop(begunToo: !SendsKeys);
    }

    /// <summary>The call is up (ACK): playout begins to leave.</summary>
    public void StartPlayout() => _playing = true;

    // Ringback and announcements before the answer, music on hold: the model would answer them.
    private bool IsListening => _playing && _negotiated is not { OnHold: true };

    bool IRtpReceiver.WantsHalfTicks => _format is { PacketMs: < Playout.FrameMs };

    void IRtpReceiver.OnHalfTick() => _packetizer.Flush();

    void IPacketSink.Send(byte payloadType, ReadOnlySpan<byte> payload, int samples, bool marker) => _session.Send(payloadType, payload, samples, marker);

    void IRtpReceiver.OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        _ticksWithoutRtp = 0;
        // Keeps a NAT's binding open (RFC 6263 section 4.1) and says nothing.
        if (payload.IsEmpty) return;
        if (!IsListening) return;
        _lastAudioAt = Stopwatch.GetTimestamp();
        if (_codecs[payloadType] is { } codec) _uplink.OnAudio(codec, payload, timestamp);
    }

    void IRtpReceiver.OnAudioWaits()
    {
        _ticksWithoutRtp = 0;
        if (IsListening) _lastAudioAt = Stopwatch.GetTimestamp();
    }

    void IRtpReceiver.OnComfortNoise(ReadOnlySpan<byte> payload, uint timestamp)
    {
        _ticksWithoutRtp = 0;
        if (!IsListening) return;
        _lastAudioAt = Stopwatch.GetTimestamp();
        _uplink.OnComfortNoise(payload, timestamp);
    }

    void IRtpReceiver.OnLost(int samples)
    {
        if (IsListening) _uplink.OnLost(samples);
        _lossBursts++;
        _events.OnLoss(samples);
    }

    void IRtpReceiver.OnStreamChanged(uint ssrc)
    {
        // Its encoder begins anew too; where only the timestamps leap, it goes on.
        if (_streamSsrc != ssrc)
            foreach (var codec in _codecs) codec?.Reset();
        _streamSsrc = ssrc;
        _uplink.OnStreamChanged();
    }

    void IRtpReceiver.OnDigit(char digit)
    {
        _ticksWithoutRtp = 0;
        _events.OnDigit(digit);
    }

    void IRtpReceiver.OnTick(long deadlineStopwatchTicks)
    {
        if (!_playing) return;
        // To the deadline, not to now: after a stall the clock reads all that waited and then makes up ticks that were due before.
        _uplink.OnTick(Stopwatch.GetElapsedTime(_lastAudioAt, deadlineStopwatchTicks));
        _events.OnTick();
        WatchForSilence();
        WatchForStrangers();
        if (_negotiated is not { } negotiated || !negotiated.LocalDirection.CanSend() || _format is null) SendNothing(PlayoutFrame.Silence);
        // An event takes the place of the audio (RFC 4733 section 2.5.1): what the agent says waits until the key is up.
        else if (_session.IsSendingDigit) SendNothing(PlayoutFrame.Key);
        else SendFrame();
    }

    void IRtpReceiver.OnFault(Exception exception) => _events.OnMediaFault(exception);

    public void Dispose()
    {
        _remoteHost.Dispose();
        _lease?.Dispose();
        TellOfStrangers();
        _session.Dispose();
        Playout.Dispose();
    }

    private void SendFrame()
    {
        Span<byte> payload = stackalloc byte[Playout.FrameBytes];
        Span<short> sent8kHz = stackalloc short[Playout.FrameSamples8kHz];
        var kind = Playout.NextFrame(payload, sent8kHz, out var codec);
        // Behind the frame: a codec is told to playout only when its format is known (Apply).
        var format = _format!;
        // In the middle of a word, but behind a pause in which nothing was sent: a talk spurt begins (RFC 3551 section 4.1).
        var spurt = _resumes && kind == PlayoutFrame.Speech ? PlayoutFrame.SpeechStart : kind;
        _resumes = false;
        if (_startsAtOnce && kind == PlayoutFrame.Silence) _lease?.Settle();
        _packetizer.Add(payload, format.PayloadTypeOf(codec), format.PacketMs, spurt);
        _events.OnFrameSent(kind, sent8kHz);
    }

    private void SendNothing(PlayoutFrame kind)
    {
        _resumes = true;
        _session.Skip(_packetizer.Drop() + Playout.FrameSamples8kHz);
        _events.OnFrameSent(kind, Nothing);
    }

    private void TickNow()
    {
        try
        {
            _lease?.TickNow();
        }
        catch (Exception e)
        {
            // On the clock it would have been a media fault; it is one here too.
            _events.OnMediaFault(e);
        }
    }

    private void ApplyRemote(NegotiatedAudio negotiated)
    {
        _session.SetRtcpMux(negotiated.RtcpMux);
        _remoteHost.Seek(negotiated);
        if (negotiated.RemoteRtp is { } remote) _session.SetRemote(remote, negotiated.RemoteRtcp);
        // Neither RTP nor RTCP (RFC 3264 section 8.4), until an address comes again.
        else if (negotiated.IsBlackHole) _session.SetRemote(new IPEndPoint(IPAddress.Any, 0));
    }

    private void ApplyPayloadTypes(NegotiatedAudio negotiated)
    {
        _session.SetTelephoneEvent(negotiated.TelephoneEventReceivePayloadType, negotiated.TelephoneEventPayloadType);
        // A number keeps its meaning for the whole dialog (RFC 3264 section 8.3.2): what was agreed before may still be under way.
        var codecs = SpeechCodecs.ByPayloadType(negotiated.ReceiveFormats, _negotiated is null ? null : _codecs);
        Span<byte> receive = stackalloc byte[codecs.Length];
        var count = 0;
        for (var type = 0; type < codecs.Length; type++)
            if (codecs[type] is not null) receive[count++] = (byte)type;
        var noise = negotiated.ComfortNoisePayloadType ?? ComfortNoise;
        _session.SetComfortNoise(codecs[noise] is null ? noise : null);
        _session.SetPayloadTypes(receive[..count]);
        _codecs = codecs;
    }

    private void WatchForSilence()
    {
        if (_negotiated is not { OnHold: false } negotiated || !negotiated.LocalDirection.CanReceive())
        {
            _ticksWithoutRtp = 0;
            return;
        }
        // Who suppresses silence may say nothing for minutes; its reports tell that it is there.
        if (_uplink.IsSilenceSuppressed && _session.ReportsReceived is var reports && reports != _reportsSeen)
            (_reportsSeen, _ticksWithoutRtp) = (reports, 0);
        if (_timeoutTicks == 0 || _timedOut || ++_ticksWithoutRtp < _timeoutTicks) return;
        _timedOut = true;
        _events.OnMediaTimeout();
    }

    // Once a second: a stranger may send a hundred thousand.
    private void WatchForStrangers()
    {
        if (++_ticksSinceForeign < TicksPerSecond) return;
        _ticksSinceForeign = 0;
        TellOfStrangers();
    }

    private void TellOfStrangers()
    {
        var told = _foreignTold;
        if (_session.ForeignPackets is var foreign && foreign == told) return;
        _foreignTold = foreign;
        _events.OnForeign(foreign - told);
    }
}
