using System.Buffers;
using System.Diagnostics;
using VoiceGateway.Codecs;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>
/// The telephone side of a call: one RTP session on the shared clock, the uplink behind its receiver, playout before its sender.
/// <code>
///   RTP ─▶ RtpSession ─▶ Uplink  ─▶ (Live)
///   RTP ◀─ RtpSession ◀─ Playout ◀─ (Live)
/// </code>
/// </summary>
public sealed class RtpLeg : IRtpReceiver, IDisposable
{
    private readonly IRtpLegEvents _events;
    private readonly RtpSession _session;
    private readonly Uplink _uplink;
    private readonly byte[] _payload;
    private readonly int _timeoutTicks;
    private ClockLease? _lease;
    private volatile NegotiatedAudio? _negotiated;
    private volatile SpeechCodec?[] _codecs = SpeechCodecs.ByPayloadType(LocalAudio.G711);
    private volatile bool _playing;
    private int _ticksWithoutRtp;
    private long _lastAudioAt = Stopwatch.GetTimestamp();
    private bool _timedOut;

    /// <param name="ports">Owned from here on.</param>
    /// <param name="codec">What playout encodes to until the negotiation says otherwise.</param>
    /// <param name="events">The call.</param>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="time">Source of time.</param>
    /// <param name="pool">For playout's queue.</param>
    public RtpLeg(RtpPorts ports, SpeechCodec codec, IRtpLegEvents events, MediaOptions options, TimeProvider time, ArrayPool<byte> pool)
    {
        _events = events;
        _timeoutTicks = options.TimeoutSeconds * 1000 / Playout.FrameMs;
        Playout = new Playout(codec, options.PlayoutMaxSeconds, pool);
        _payload = new byte[Playout.FrameBytes];
        _uplink = new Uplink(events);
        _session = new RtpSession(new RtpSessionOptions { Ports = ports, TimeProvider = time }, this);
    }

    public Playout Playout { get; }

    public Uplink Uplink => _uplink;

    public NegotiatedAudio? Negotiated => _negotiated;

    public RtpStatistics Statistics => _session.Statistics;

    public long FilledSamples => _uplink.FilledSamples;

    public int Port => _session.LocalEndPoint.Port;

    /// <summary>From now on the clock serves this leg: it receives, and fills what does not come.</summary>
    public void Start(PlayoutClock clock) => _lease = clock.Add(_session);

    /// <summary>The outcome of an offer and its answer; again after every re-INVITE.</summary>
    public void Apply(NegotiatedAudio negotiated)
    {
        Playout.ChangeCodec(SpeechCodecs.Named(negotiated.Codec.EncodingName));
        _session.SetTelephoneEvent(negotiated.TelephoneEventReceivePayloadType, negotiated.TelephoneEventPayloadType);
        if (negotiated.RemoteRtp is { } remote) _session.SetRemote(remote, negotiated.RemoteRtcp);
        Span<byte> receive = stackalloc byte[negotiated.ReceiveFormats.Count];
        for (var i = 0; i < receive.Length; i++) receive[i] = negotiated.ReceiveFormats[i].ReceivePayloadType;
        _session.SetPayloadTypes(receive);
        _codecs = SpeechCodecs.ByPayloadType(negotiated.ReceiveFormats);
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
        if (!_playing || !Playout.IsAudible) return cut;
        try
        {
            _lease?.TickNow();
        }
        catch (Exception e)
        {
            // On the clock it would have been a media fault; it is one here too.
            _events.OnMediaFault(e);
        }
        return cut;
    }

    /// <summary>The call is up (ACK): playout begins to leave.</summary>
    public void StartPlayout() => _playing = true;

    void IRtpReceiver.OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        _ticksWithoutRtp = 0;
        // Ringback and announcements before the answer, music on hold: the model would answer them.
        if (!_playing || _negotiated is { OnHold: true }) return;
        _lastAudioAt = Stopwatch.GetTimestamp();
        if (_codecs[payloadType] is { } codec) _uplink.OnAudio(codec, payload);
    }

    void IRtpReceiver.OnLost(int samples)
    {
        _uplink.OnLost(samples);
        _events.OnLoss(samples);
    }

    void IRtpReceiver.OnStreamChanged(uint ssrc) => _uplink.OnStreamChanged();

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
        if (_negotiated is not { LocalDirection: MediaDirection.SendRecv or MediaDirection.SendOnly } negotiated)
        {
            _session.Skip(Playout.FrameSamples);
            _payload.AsSpan().Fill(Playout.Codec.SilenceCode);
            _events.OnFrameSent(PlayoutFrame.Silence, _payload);
            return;
        }
        var kind = Playout.NextFrame(_payload);
        _session.Send(negotiated.Codec.PayloadType, _payload, Playout.FrameSamples, marker: kind == PlayoutFrame.SpeechStart);
        _events.OnFrameSent(kind, _payload);
    }

    void IRtpReceiver.OnFault(Exception exception) => _events.OnMediaFault(exception);

    public void Dispose()
    {
        _lease?.Dispose();
        _session.Dispose();
        Playout.Dispose();
    }

    private void WatchForSilence()
    {
        if (_negotiated is not { LocalDirection: MediaDirection.SendRecv or MediaDirection.RecvOnly, OnHold: false })
        {
            _ticksWithoutRtp = 0;
            return;
        }
        if (_timeoutTicks == 0 || _timedOut || ++_ticksWithoutRtp < _timeoutTicks) return;
        _timedOut = true;
        _events.OnMediaTimeout();
    }
}
