using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace VoiceGateway.Rtp;

/// <summary>
/// One RTP stream pair of a call.
/// <code>
///   sockets -> parse -> payload type -> latch -> ReceiveStream -> IRtpReceiver
///   Send, SendDigit -> SendStream -> socket          RtcpReporter both ways
/// </code>
/// Everything runs on the clock thread. Any thread may call <see cref="SetRemote"/>, <see cref="SetTelephoneEvent"/>,
/// <see cref="SetPayloadTypes"/>, <see cref="SendDigit"/> and <see cref="Statistics"/>; the first three take effect with the next
/// packet or tick. Dispose the clock's lease before the session.
/// </summary>
public sealed class RtpSession : IClocked, IDisposable
{
    /// <summary>Longest payload that <see cref="Send"/> takes: what fits into an Ethernet frame with IPv6, UDP and RTP headers.</summary>
    public const int MaxPayloadLength = 1440;

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
    private readonly byte[] _packet = new byte[RtpPacket.HeaderLength + MaxPayloadLength];
    private readonly int _maxDatagrams;

    private PayloadTypes _payloadTypes;
    private SignalledRemote? _pendingRemote;
    private int _disposed;

    public RtpSession(RtpSessionOptions options, IRtpReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        options.Validate();
        _time = options.TimeProvider;
        _ports = options.Ports;
        _receiver = receiver;
        _maxDatagrams = options.MaxDatagramsPerTick;
        LocalEndPoint = _ports.LocalEndPoint;

        var frequency = _time.TimestampFrequency;
        _latch = new RemoteLatch(Ticks(options.RelatchSilence, frequency), graceTicks: frequency, options.Symmetric);
        _received = new ReceiveStream(
            options.ClockRateHz, frequency, options.MaxReorderPackets, Ticks(options.MaxReorderWait, frequency), _counters, receiver);
        _sent = new SendStream(options.ClockRateHz, frequency);
        _digits = new TelephoneEventSender(options.ClockRateHz);
        ClockRateHz = options.ClockRateHz;
        _payloadTypes = new PayloadTypes(null, (byte?)options.TelephoneEventPayloadType, (byte?)options.TelephoneEventPayloadType);
        if (options.Rtcp)
            _reporter = new RtcpReporter(_time, _sent.Ssrc, options.Cname ?? RandomCname(), _counters);

        _io = DatagramIo.For(options.PortableSockets);
        _io.Prepare(_ports.Rtp);
        _io.Prepare(_ports.Rtcp);
        _destinations = new RtpDestinations(_ports.Rtp);
    }

    public IPEndPoint LocalEndPoint { get; }

    public uint LocalSsrc => _sent.Ssrc;

    public int ClockRateHz { get; }

    /// <summary>Timestamp of the next sample to be sent. Clock thread only.</summary>
    public uint SendTimestamp => _sent.Timestamp;

    /// <summary>True when no digit is being sent or waits to be.</summary>
    public bool DigitsSent => _digits.IsIdle;

    Socket? IClocked.ReadableRtp => _ports.Rtp;

    Socket? IClocked.ReadableRtcp => _ports.Rtcp;

    /// <summary>
    /// Takes the address of an SDP; any thread. Port 0 or 0.0.0.0 stops sending. A changed address opens the latch for a new source.
    /// RTCP goes to the next port up unless <paramref name="rtcp"/> says otherwise (RFC 3605).
    /// </summary>
    /// <returns>False when a socket of this address family cannot send there; then nothing changes.</returns>
    public bool SetRemote(IPEndPoint rtp, IPEndPoint? rtcp = null)
    {
        ArgumentNullException.ThrowIfNull(rtp);
        var address = TransportAddress.From(rtp);
        if (address.IsUsable && !_destinations.CanReach(address))
            return false;
        Interlocked.Exchange(ref _pendingRemote, new SignalledRemote(address, rtcp is null ? null : TransportAddress.From(rtcp)));
        return true;
    }

    /// <summary>Payload types of telephone-event: what the peer sends us, and what we send it if that differs (RFC 3264 5.1). Null: none. Any thread.</summary>
    public void SetTelephoneEvent(byte? payloadType, byte? sendPayloadType = null) =>
        Change(types => types with { Event = payloadType, SendEvent = sendPayloadType ?? payloadType });

    /// <summary>Audio payload types that are heard; packets of any other are counted and dropped. An empty set: all. Any thread.</summary>
    public void SetPayloadTypes(params ReadOnlySpan<byte> receive)
    {
        UInt128 set = 0;
        foreach (var type in receive)
            set |= UInt128.One << (type & 0x7F);
        UInt128? audio = receive.IsEmpty ? null : set;
        Change(types => types with { Audio = audio });
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
        return Volatile.Read(ref _payloadTypes).SendEvent is not null && _digits.TryQueue(code, durationMs);
    }

    public void OnReadable()
    {
        if (IsDisposed)
            return;
        ApplyRemote();
        var now = _time.GetTimestamp();
        Drain(_ports.Rtp, now, isRtcp: false);
        _received.Expire(now);
    }

    public void OnReadableRtcp()
    {
        if (IsDisposed)
            return;
        ApplyRemote();
        Drain(_ports.Rtcp, _time.GetTimestamp(), isRtcp: true);
    }

    public void OnTick(long timestamp20ms)
    {
        if (IsDisposed)
            return;
        ApplyRemote();
        var now = _time.GetTimestamp();
        _received.Expire(now);
        SendDigitPacket();
        _receiver.OnTick(timestamp20ms);
        if (_reporter is { } reporter && reporter.IsDue(now))
            SendReport(reporter, now);
    }

    public void OnFault(Exception exception) => _receiver.OnFault(exception);

    /// <summary>Snapshot; any thread.</summary>
    public RtpStatistics Statistics => RtpStatisticsReader.Read(_counters, _received, _destinations, _time, ClockRateHz);

    /// <summary>Says BYE and gives the ports back. Any thread, after the lease has been disposed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            if (_reporter is { } reporter && _destinations.Rtcp is { } destination)
            {
                var length = reporter.WriteBye(_packet, _time.GetTimestamp(), _received, _sent);
                if (length > 0 && _io.Send(_ports.Rtcp, _packet.AsSpan(0, length), destination))
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
        }
    }

    public override string ToString() => $"Rtp({LocalEndPoint} <-> {_destinations.Remote?.ToString() ?? "?"})";

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    private static long Ticks(TimeSpan span, long frequency) =>
        span == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)(span.TotalSeconds * frequency);

    // RFC 7022 4.2 and section 5: 96 random bits, in base64.
    private static string RandomCname() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(12));

    private void Drain(Socket socket, long nowTicks, bool isRtcp)
    {
        var batch = DatagramBatch.OfThisThread;
        for (var budget = _maxDatagrams; budget > 0;)
        {
            var count = _io.Receive(socket, batch);
            if (count < 0)
            {
                _counters.ReceiveErrors++;
                budget--;
                continue;
            }
            for (var i = 0; i < count; i++)
                Receive(batch.Datagram(i), batch[i], nowTicks, isRtcp);
            if (count < DatagramBatch.Capacity)
                return;
            budget -= count;
        }

        // The rest waits in the socket for the next tick; beyond that the kernel drops.
        _counters.DrainLimits++;
    }

    private void Receive(ReadOnlySpan<byte> datagram, in DatagramBatch.Entry entry, long nowTicks, bool isRtcp)
    {
        var arrival = nowTicks - (long)(entry.AgeNanoseconds * (_time.TimestampFrequency / 1e9));
        if (isRtcp || RtpPacket.LooksLikeRtcp(datagram))
            ReceiveRtcp(datagram, entry.Source, arrival);
        else if (entry.IsCut || !RtpPacket.TryParse(datagram, out var packet))
            _counters.Malformed++;
        else
            ReceiveRtp(packet, entry.Source, arrival, nowTicks);
    }

    private void ReceiveRtp(in RtpPacket packet, in TransportAddress source, long arrivalTicks, long nowTicks)
    {
        var kind = Volatile.Read(ref _payloadTypes).KindOf(packet.PayloadType);
        if (kind == PacketKind.Ignored)
        {
            _counters.UnknownPayloadType++;

            // It latches nothing, but from the right source it fills its place in the sequence: not heard is not lost.
            if (source == _latch.Latched && _received.IsStarted && packet.Ssrc == _received.Ssrc)
                _received.Receive(packet, kind, arrivalTicks);
            return;
        }

        switch (_latch.Check(source, packet.Ssrc, packet.SequenceNumber, nowTicks))
        {
            case LatchVerdict.Foreign:
                _counters.Foreign++;
                return;
            case LatchVerdict.Latched:
                _counters.Latches++;
                UpdateDestinations();
                break;
        }
        _counters.PacketsReceived++;
        _counters.BytesReceived += packet.Payload.Length;
        Volatile.Write(ref _counters.LastReceivedTicks, nowTicks);
        _received.Receive(packet, kind, arrivalTicks);
    }

    private void ReceiveRtcp(ReadOnlySpan<byte> datagram, in TransportAddress source, long arrivalTicks)
    {
        // Ports are the NAT's business; the host must be the one that speaks to us.
        if ((_latch.Latched ?? _latch.Signalled) is { } peer && !source.SameHost(peer))
        {
            _counters.RtcpForeign++;
            return;
        }
        if (_reporter is { } reporter && !reporter.Receive(datagram, arrivalTicks))
        {
            _counters.RtcpMalformed++;
            return;
        }
        _counters.RtcpReceived++;
        if (_destinations.LearnRtcp(source))
            UpdateDestinations();
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
        if (Volatile.Read(ref _payloadTypes).SendEvent is { } payloadType)
            SendPacket(payloadType, payload, timestamp, marker);
    }

    private bool SendPacket(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        if (IsDisposed)
            return false;
        ApplyRemote();
        if (_destinations.Rtp is not { } destination)
            return false;
        var length = _sent.Write(_packet, payloadType, marker, timestamp, payload, _time.GetTimestamp());
        if (!_io.Send(_ports.Rtp, _packet.AsSpan(0, length), destination))
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
        var length = reporter.WriteReport(_packet, nowTicks, _received, _sent);
        if (_destinations.Rtcp is not { } destination)
            return;
        if (_io.Send(_ports.Rtcp, _packet.AsSpan(0, length), destination))
            _counters.RtcpSent++;
        else
            _counters.SendErrors++;
    }

    private void ApplyRemote()
    {
        if (Volatile.Read(ref _pendingRemote) is null || Interlocked.Exchange(ref _pendingRemote, null) is not { } remote)
            return;
        _latch.SetSignalled(remote.Rtp, _time.GetTimestamp());
        _destinations.SetSignalledRtcp(remote.Rtcp);
        UpdateDestinations();
    }

    private void UpdateDestinations() => _destinations.Update(_latch);

    private void Change(Func<PayloadTypes, PayloadTypes> change)
    {
        PayloadTypes seen;
        do
        {
            seen = Volatile.Read(ref _payloadTypes);
        }
        while (Interlocked.CompareExchange(ref _payloadTypes, change(seen), seen) != seen);
    }

    private sealed record SignalledRemote(TransportAddress Rtp, TransportAddress? Rtcp);
}
