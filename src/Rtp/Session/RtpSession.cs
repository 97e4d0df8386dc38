using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// One RTP stream pair of a call.
/// <code>
///   sockets -> SRTP -> parse -> payload type -> latch -> ReceiveStream -> IRtpReceiver
///   Send, SendDigit -> SendStream -> SRTP -> socket          RtcpReporter both ways
/// </code>
/// Everything runs on the clock thread. Any thread may call <see cref="SetRemote"/>, <see cref="ForgetRemote"/>,
/// <see cref="SetTelephoneEvent(byte?, byte?)"/>, <see cref="SetComfortNoise"/>, <see cref="SetPayloadTypes"/>, <see cref="SetRtcpMux"/>, <see cref="SetSrtp"/>,
/// <see cref="SendDigit"/> and <see cref="Statistics"/>; what is set takes effect with the next packet or tick. Dispose the clock's
/// lease before the session.
/// </summary>
public sealed class RtpSession : IClocked, IDisposable
{
    /// <summary>Longest payload that <see cref="Send"/> takes: what fits into an Ethernet frame with IPv6, UDP and RTP headers.</summary>
    public const int MaxPayloadLength = 1440;

    // A packet lies on the thread's stack while it is sent, the same warm memory for all calls.
    private const int LongestPacket = RtpPacket.HeaderLength + MaxPayloadLength + SrtpCipher.MostAdded;

    // 100 ms is the longest packet that anybody sends, and it may come late.
    private static readonly TimeSpan LongerThanAnyPacket = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan OldSourceIsHeard = TimeSpan.FromSeconds(1);

    // Where the peer sends nothing under its new key. An answer may have to be repeated before it is there (RFC 3261 13.3.1.4).
    private static readonly TimeSpan OldKeyCounts = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly RtpPorts _ports;
    private readonly IRtpReceiver _receiver;
    private readonly IDatagramIo _io;
    private readonly RtpCounters _counters = new();
    private readonly RemoteLatch _latch;
    private readonly ReceiveStream _received;
    private readonly SendStream _sent;
    private readonly TelephoneEventSender _digits;
    private readonly RtcpReporter? _reporter;
    private readonly RtpDestinations _destinations;
    private readonly PayloadTypeSet _payloadTypes;
    private readonly RtpReceivePath _receivePath;
    private readonly SrtpKeying _srtp;

    private SignalledRemote? _pendingRemote;
    private long _deadline;
    private int _disposed;

    public RtpSession(RtpSessionOptions options, IRtpReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        options.Validate();
        _time = options.TimeProvider;
        _ports = options.Ports;
        _receiver = receiver;
        LocalEndPoint = _ports.LocalEndPoint;

        var frequency = _time.TimestampFrequency;
        _latch = new RemoteLatch(
            new LatchTimes(
                Ticks(options.RelatchSilence, frequency), Ticks(OldSourceIsHeard, frequency), Ticks(options.LatchTrial, frequency), Ticks(LongerThanAnyPacket, frequency)),
            options.Symmetric);
        _received = new ReceiveStream(
            options.ClockRateHz, frequency, options.MaxReorderPackets, Ticks(options.MaxReorderWait, frequency), _counters, receiver);
        _sent = new SendStream(options.ClockRateHz, frequency);
        _digits = new TelephoneEventSender(options.ClockRateHz);
        ClockRateHz = options.ClockRateHz;
        var telephoneEvent = (byte?)options.TelephoneEventPayloadType;
        _payloadTypes = new PayloadTypeSet(new PayloadTypes(null, telephoneEvent, telephoneEvent));
        if (options.Rtcp)
            _reporter = new RtcpReporter(_time, _sent.Ssrc, options.Cname ?? RandomCname(), _counters);

        _io = DatagramIo.For(options.PortableSockets);
        _io.Prepare(_ports.Rtp);
        _io.Prepare(_ports.Rtcp);
        _destinations = new RtpDestinations(_ports.Rtp);
        _srtp = new SrtpKeying(_time, Ticks(OldSourceIsHeard, frequency), Ticks(OldKeyCounts, frequency));
        _receivePath = new RtpReceivePath(_io, options.MaxDatagramsPerTick, frequency)
        {
            Counters = _counters,
            PayloadTypes = _payloadTypes,
            Latch = _latch,
            Destinations = _destinations,
            Stream = _received,
            Reporter = _reporter,
            Srtp = _srtp,
        };
    }

    public IPEndPoint LocalEndPoint { get; }

    public uint LocalSsrc => _sent.Ssrc;

    public int ClockRateHz { get; }

    /// <summary>Timestamp of the next sample to be sent. Clock thread only.</summary>
    public uint SendTimestamp => _sent.Timestamp;

    /// <summary>True when no digit is being sent or waits to be.</summary>
    public bool DigitsSent => _digits.IsIdle;

    /// <summary>A digit, its repeated end or the pause after it takes the place of the audio. Clock thread.</summary>
    public bool IsSendingDigit => _digits.IsActive;

    /// <summary>Packets of either kind from sources that are not the peer's, so far. Any thread.</summary>
    public long ForeignPackets => Volatile.Read(ref _counters.Foreign) + Volatile.Read(ref _counters.RtcpForeign);

    /// <summary>Reports of the peer so far. Any thread.</summary>
    public long ReportsReceived => Volatile.Read(ref _counters.RtcpReceived);

    Socket? IClocked.ReadableRtp => _ports.Rtp;

    Socket? IClocked.ReadableRtcp => _ports.Rtcp;

    /// <summary>
    /// Takes the address of an SDP; any thread. Port 0 or 0.0.0.0 stops sending. A changed address opens the latch for a new source.
    /// RTCP goes to the next port up unless <paramref name="rtcp"/> says otherwise (RFC 3605).
    /// </summary>
    /// <returns>False when a socket of this address family cannot send there; then nothing changes.</returns>
    public bool SetRemote(IPEndPoint rtp, IPEndPoint? rtcp = null) => TakeRemote(rtp, rtcp, isLookedUp: false);

    /// <summary>Takes the address behind a host name in the SDP (after <see cref="ForgetRemote"/>); who has sent in the meantime is not cut off. Any thread.</summary>
    /// <returns>False when a socket of this address family cannot send there, or the address is none to send to.</returns>
    public bool SetResolvedRemote(IPEndPoint rtp, IPEndPoint? rtcp = null) => TakeRemote(rtp, rtcp, isLookedUp: true);

    /// <summary>The peer has moved, and is not known yet where to: from its first packet on we send to where that came from. Any thread.</summary>
    public void ForgetRemote() => Interlocked.Exchange(ref _pendingRemote, new SignalledRemote(null, null, IsLookedUp: false));

    /// <summary>RFC 5761: reports go from the RTP port to where RTP goes, and come from there. Any thread.</summary>
    public void SetRtcpMux(bool isOn) => _receivePath.IsMultiplexed = isOn;

    /// <summary>
    /// Encrypts and proves RTP and RTCP both ways (RFC 3711); null: both in the clear. The same keys again change nothing; another key of
    /// ours makes us another source, with its own SSRC. To be set before the remote address, so that nothing leaves in the clear. Any thread.
    /// </summary>
    public void SetSrtp(SrtpParameters? parameters) => _srtp.Set(parameters);

    /// <summary>Payload type of comfort noise (RFC 3389); null: none. Any thread.</summary>
    public void SetComfortNoise(byte? payloadType) => _payloadTypes.Change(types => types with { Noise = payloadType });

    /// <summary>Payload type of telephone-event, both ways; null: none. Any thread.</summary>
    public void SetTelephoneEvent(byte? payloadType) => SetTelephoneEvent(payloadType, payloadType);

    /// <summary>
    /// Payload types of telephone-event where they differ (RFC 3264 5.1): what the peer sends us, null: none; what we send it, null: it
    /// takes no digits. Any thread.
    /// </summary>
    public void SetTelephoneEvent(byte? receivePayloadType, byte? sendPayloadType) =>
        _payloadTypes.Change(types => types with { Event = receivePayloadType, SendEvent = sendPayloadType });

    /// <summary>Audio payload types that are heard; packets of any other are counted and dropped. An empty set: all. Any thread.</summary>
    public void SetPayloadTypes(params ReadOnlySpan<byte> receive)
    {
        UInt128 set = 0;
        foreach (var type in receive)
            set |= UInt128.One << (type & 0x7F);
        UInt128? audio = receive.IsEmpty ? null : set;
        _payloadTypes.Change(types => types with { Audio = audio });
    }

    /// <summary>
    /// Sends one packet; the timestamp then moves on by <paramref name="samples"/> whether it went out or not. Clock thread only.
    /// While a digit is being sent it takes the place of the audio.
    /// </summary>
    /// <returns>False when nothing was sent: no remote address yet, on hold by address, or the system refused.</returns>
    public bool Send(byte payloadType, ReadOnlySpan<byte> payload, int samples, bool marker)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (payload.Length > MaxPayloadLength)
            throw new ArgumentException($"A payload has at most {MaxPayloadLength} bytes.", nameof(payload));
        var timestamp = _sent.Timestamp;
        _sent.Skip(samples);
        return _digits.IsActive || SendPacket(payloadType, payload, timestamp, marker);
    }

    /// <summary>Lets time pass without sending: suppressed silence. Clock thread only.</summary>
    public void Skip(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        _sent.Skip(samples);
    }

    /// <summary>Queues a digit, sent as RFC 4733 events over the next ticks. Any thread.</summary>
    /// <returns>False when no telephone-event payload type is negotiated or 64 digits wait already.</returns>
    /// <exception cref="ArgumentException">Not one of 0-9, *, #, A-D.</exception>
    public bool SendDigit(char digit, int durationMs = 100)
    {
        if (!TelephoneEvent.TryGetCode(digit, out var code))
            throw new ArgumentException($"'{digit}' is no DTMF digit.", nameof(digit));
        ArgumentOutOfRangeException.ThrowIfLessThan(durationMs, 40);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(durationMs, ushort.MaxValue * 1000L / ClockRateHz);
        return _payloadTypes.Current.SendEvent is not null && _digits.TryQueue(code, durationMs);
    }

    /// <summary>Forgets the digits that have not begun. Any thread.</summary>
    public void DropDigits() => _digits.Drop();

    public void OnReadable() => Guarded(static (session, now) =>
    {
        session._receivePath.Drain(session._ports.Rtp, now, isRtcp: false);
        session._received.Expire(now);
    });

    public void OnReadableRtcp() => Guarded(static (session, now) => session._receivePath.Drain(session._ports.Rtcp, now, isRtcp: true));

    public void OnTick(long timestamp20ms)
    {
        _deadline = timestamp20ms;
        Guarded(static (session, now) =>
        {
            session._received.Expire(now);
            session.SendDigitPacket();
            session._receiver.OnTick(session._deadline);
            if (session._reporter is { } reporter && reporter.IsDue(now))
                session.SendReport(reporter, now);
        });
    }

    bool IClocked.WantsHalfTicks => _receiver.WantsHalfTicks;

    void IClocked.OnHalfTick() => Guarded(static (session, _) => session._receiver.OnHalfTick());

    public void OnFault(Exception exception) => _receiver.OnFault(exception);

    /// <summary>Snapshot; any thread.</summary>
    public RtpStatistics Statistics => RtpStatisticsReader.Read(_counters, _received, _destinations, _srtp.Suite, _time, ClockRateHz);

    /// <summary>Says BYE and gives the ports back. Any thread, after the lease has been disposed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _receivePath.IsStopped = true;
        try
        {
            if (_reporter is { } reporter && RtcpDestination is { } destination)
            {
                Span<byte> packet = stackalloc byte[LongestPacket];
                var length = reporter.WriteBye(packet, _time.GetTimestamp(), _received, _sent);
                if (length > 0 && SendRtcp(packet, length, destination))
                    _counters.RtcpSent++;
            }
        }
        catch (ObjectDisposedException)
        {
            // The ports were given back before us: nobody is told then.
        }
        finally
        {
            _ports.Dispose();
            _srtp.Dispose();
        }
    }

    public override string ToString() => $"Rtp({LocalEndPoint} <-> {_destinations.Remote?.ToString() ?? "?"})";

    private bool TakeRemote(IPEndPoint rtp, IPEndPoint? rtcp, bool isLookedUp)
    {
        ArgumentNullException.ThrowIfNull(rtp);
        var address = TransportAddress.From(rtp);
        if (address.IsUsable ? !_destinations.CanReach(address) : isLookedUp)
            return false;
        var remote = new SignalledRemote(address, rtcp is null ? null : TransportAddress.From(rtcp), isLookedUp);
        // What it is the answer to may not have been taken notice of yet.
        if (Interlocked.Exchange(ref _pendingRemote, remote) is { Rtp: null } && isLookedUp)
            Interlocked.Exchange(ref _pendingRemote, remote with { IsLookedUp = false });
        return true;
    }

    private Socket RtcpSocket => _receivePath.IsMultiplexed ? _ports.Rtp : _ports.Rtcp;

    private SocketAddress? RtcpDestination => _receivePath.IsMultiplexed ? _destinations.Rtp : _destinations.Rtcp;

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    private static long Ticks(TimeSpan span, long frequency) =>
        span == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)(span.TotalSeconds * frequency);

    // RFC 7022 4.2 and section 5: 96 random bits, in base64.
    private static string RandomCname() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(12));

    private void Guarded(Action<RtpSession, long> work)
    {
        if (IsDisposed)
            return;
        try
        {
            ApplySettings();
            work(this, _time.GetTimestamp());
        }
        catch (ObjectDisposedException) when (IsDisposed)
        {
            // The receiver ended the call from within a callback: what came after it in this round is void.
        }
    }

    private void SendDigitPacket()
    {
        // A digit is not begun as long as there is nowhere to send it.
        if (_destinations.Rtp is null && !_digits.IsActive)
            return;
        if (!_digits.TryNext(_sent.Timestamp, out var telephoneEvent, out var timestamp, out var marker))
            return;
        Span<byte> payload = stackalloc byte[TelephoneEvent.Length];
        telephoneEvent.Write(payload);
        if (_payloadTypes.Current.SendEvent is { } payloadType)
            SendPacket(payloadType, payload, timestamp, marker);
    }

    private bool SendPacket(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        if (IsDisposed)
            return false;
        ApplySettings();
        if (_destinations.Rtp is not { } destination)
            return false;
        Span<byte> packet = stackalloc byte[RtpPacket.HeaderLength + payload.Length + SrtpCipher.MostAdded];
        var length = _sent.Write(packet, payloadType, marker, timestamp, payload, _time.GetTimestamp());
        if (_srtp.Sender is { } srtp)
            length = srtp.ProtectRtp(packet, length);
        if (!_io.Send(_ports.Rtp, packet[..length], destination))
        {
            _counters.SendErrors++;
            return false;
        }
        _counters.PacketsSent++;
        _counters.BytesSent += payload.Length;
        return true;
    }

    private void SendReport(RtcpReporter reporter, long nowTicks)
    {
        // Written even when there is nowhere to send it, so that the next one is due an interval later.
        Span<byte> packet = stackalloc byte[LongestPacket];
        var length = reporter.WriteReport(packet, nowTicks, _received, _sent);
        if (RtcpDestination is not { } destination)
            return;
        if (SendRtcp(packet, length, destination))
            _counters.RtcpSent++;
        else
            _counters.SendErrors++;
    }

    private bool SendRtcp(Span<byte> packet, int length, SocketAddress destination)
    {
        if (_srtp.Sender is { } srtp)
            length = srtp.ProtectRtcp(packet, length);
        return _io.Send(RtcpSocket, packet[..length], destination);
    }

    private void ApplySettings()
    {
        // The address is taken first and used last: whoever set keys before it finds them in use there.
        var remote = Volatile.Read(ref _pendingRemote) is null ? null : Interlocked.Exchange(ref _pendingRemote, null);
        // Under whichever key: no index of an SSRC is ever used twice.
        if (_srtp.Apply() && (_sent.HasSent || _counters.RtcpSent > 0))
        {
            _sent.Restart();
            _reporter?.ChangeSsrc(_sent.Ssrc);
        }
        if (remote is not null)
            ApplyRemote(remote);
    }

    private void ApplyRemote(SignalledRemote remote)
    {
        if (remote.Rtp is not { } address)
            _latch.Forget(_time.GetTimestamp());
        else if (remote.IsLookedUp)
            _latch.Learn(address);
        else
            _latch.SetSignalled(address, _time.GetTimestamp());
        _destinations.SetSignalledRtcp(remote.Rtcp);
        _destinations.Update(_latch);
    }

    private sealed record SignalledRemote(TransportAddress? Rtp, TransportAddress? Rtcp, bool IsLookedUp);
}
