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

    private readonly IRtpLegEvents _events;
    private readonly RtpSession _session;
    private readonly Uplink _uplink;
    private readonly Packetizer _packetizer;
    private readonly RemoteHost _remoteHost;
    private readonly byte[] _payload;
    private readonly int _timeoutTicks;
    private ClockLease? _lease;
    private volatile NegotiatedAudio? _negotiated;
    private volatile OutgoingFormat? _format;
    private volatile SpeechCodec?[] _codecs = SpeechCodecs.ByPayloadType(LocalAudio.G711);
    private volatile bool _playing;
    private int _ticksWithoutRtp;
    private long _lastAudioAt = Stopwatch.GetTimestamp();
    private bool _timedOut;
    private long _reportsSeen;
    private long _foreignTold;
    private int _ticksSinceForeign;

    /// <param name="ports">Owned from here on.</param>
    /// <param name="codec">What playout encodes to until the negotiation says otherwise.</param>
    /// <param name="events">The call.</param>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="time">Source of time.</param>
    /// <param name="pool">For playout's queue.</param>
    /// <param name="resolver">For host names in SDP; null: the system's.</param>
    public RtpLeg(
        RtpPorts ports, SpeechCodec codec, IRtpLegEvents events, MediaOptions options, TimeProvider time, ArrayPool<byte> pool, IMediaHostResolver? resolver = null)
    {
        _events = events;
        _timeoutTicks = options.TimeoutSeconds * TicksPerSecond;
        Playout = new Playout(codec, options.PlayoutMaxSeconds, pool);
        _payload = new byte[Playout.FrameBytes];
        _uplink = new Uplink(events);
        _packetizer = new Packetizer(this, Playout.FrameSamples, Playout.FrameBytes);
        _session = new RtpSession(new RtpSessionOptions { Ports = ports, TimeProvider = time }, this);
        _remoteHost = new RemoteHost(resolver ?? SystemMediaHostResolver.Instance, time, _session.ForgetRemote, _session.SetResolvedRemote);
    }

    public Playout Playout { get; }

    public Uplink Uplink => _uplink;

    public NegotiatedAudio? Negotiated => _negotiated;

    public RtpStatistics Statistics => _session.Statistics;

    public long FilledSamples => _uplink.FilledSamples;

    public int Port => _session.LocalEndPoint.Port;

    /// <summary>From now on one of the clocks serves this leg: it receives, and fills what does not come.</summary>
    public void Start(MediaEngine clocks) => _lease = clocks.Add(_session);

    /// <summary>The outcome of an offer and its answer; again after every re-INVITE.</summary>
    public void Apply(NegotiatedAudio negotiated)
    {
        // In this order: a frame in the new codec finds its payload type, and one in the old its own.
        _format = OutgoingFormat.Of(negotiated, _format);
        Playout.ChangeCodec(_format.Codec);
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

    bool IRtpReceiver.WantsHalfTicks => _format is { PacketMs: < Playout.FrameMs };

    void IRtpReceiver.OnHalfTick() => _packetizer.Flush();

    void IPacketSink.Send(byte payloadType, ReadOnlySpan<byte> payload, int samples, bool marker) => _session.Send(payloadType, payload, samples, marker);

    void IRtpReceiver.OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        _ticksWithoutRtp = 0;
        // Keeps a NAT's binding open (RFC 6263 section 4.1) and says nothing.
        if (payload.IsEmpty) return;
        // Ringback and announcements before the answer, music on hold: the model would answer them.
        if (!_playing || _negotiated is { OnHold: true }) return;
        _lastAudioAt = Stopwatch.GetTimestamp();
        if (_codecs[payloadType] is { } codec) _uplink.OnAudio(codec, payload, timestamp);
    }

    void IRtpReceiver.OnComfortNoise(ReadOnlySpan<byte> payload, uint timestamp)
    {
        _ticksWithoutRtp = 0;
        if (!_playing || _negotiated is { OnHold: true }) return;
        _lastAudioAt = Stopwatch.GetTimestamp();
        _uplink.OnComfortNoise(payload, timestamp);
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
        WatchForStrangers();
        if (_negotiated is not { LocalDirection: MediaDirection.SendRecv or MediaDirection.SendOnly } || _format is not { } format)
        {
            _session.Skip(_packetizer.Drop() + Playout.FrameSamples);
            var silent = Playout.Codec;
            _payload.AsSpan().Fill(silent.SilenceCode);
            _events.OnFrameSent(PlayoutFrame.Silence, _payload, silent);
            return;
        }
        var kind = Playout.NextFrame(_payload, out var codec);
        _packetizer.Add(_payload, format.PayloadTypeOf(codec), format.PacketMs, kind);
        _events.OnFrameSent(kind, _payload, codec);
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
        if (_negotiated is not { LocalDirection: MediaDirection.SendRecv or MediaDirection.RecvOnly, OnHold: false })
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
