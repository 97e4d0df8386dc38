namespace VoiceGateway.Rtp;

/// <summary>Our end of RTCP for one call: when a report is due, what is in it, and what the other end's reports tell.</summary>
internal sealed class RtcpReporter
{
    private const int IpAndUdpBytes = 28;
    private const int InitialAverageBytes = 128;

    // 64 kbit/s speech in 20 ms packets with RTP, UDP and IP headers makes 80 kbit/s; 5 % of that.
    private const double BandwidthBytesPerSecond = 80_000 / 8 * 0.05;

    // A report that comes back later than this is no measurement.
    private const int MaxRoundTrip = 60 << 16;
    private const int RoundingError = 66;

    private readonly TimeProvider _time;
    private readonly NtpClock _ntp;
    private readonly byte[] _cname;
    private readonly RtpCounters _counters;

    private uint _ssrc;
    private long _packetsBefore;
    private long _bytesBefore;
    private bool _scheduled;
    private bool _hasSent;
    private long _dueTicks;
    private double _averageBytes = InitialAverageBytes;
    private long _packetsAtLastReport;
    private long _packetsAtReportBefore;
    private uint _lastSenderReport;
    private uint _lastSender;
    private long _lastSenderReportTicks;

    public RtcpReporter(TimeProvider time, uint ssrc, string cname, RtpCounters counters)
    {
        _time = time;
        _ssrc = ssrc;
        _cname = System.Text.Encoding.UTF8.GetBytes(cname);
        _counters = counters;
        _ntp = new NtpClock(time);
    }

    /// <summary>What we send goes on under another SSRC: its packets and bytes are counted from here (RFC 3550 6.4.1).</summary>
    public void ChangeSsrc(uint ssrc) => (_ssrc, _packetsBefore, _bytesBefore) = (ssrc, _counters.PacketsSent, _counters.BytesSent);

    /// <summary>True when a report is due; the interval starts with the first call.</summary>
    public bool IsDue(long nowTicks)
    {
        if (!_scheduled)
            Schedule(nowTicks);
        return nowTicks >= _dueTicks;
    }

    /// <summary>Writes report and CNAME and schedules the next one.</summary>
    public int WriteReport(Span<byte> destination, long nowTicks, ReceiveStream received, SendStream sent)
    {
        var writer = new RtcpWriter(destination);
        WriteReport(ref writer, nowTicks, received, sent);
        Sent(writer.Length);
        Schedule(nowTicks);
        return writer.Length;
    }

    /// <summary>A last report with BYE. 0 when nothing was ever sent: who never spoke does not take leave (RFC 3550 6.3.7).</summary>
    public int WriteBye(Span<byte> destination, long nowTicks, ReceiveStream received, SendStream sent)
    {
        if (!_hasSent && _counters.PacketsSent == 0)
            return 0;
        var writer = new RtcpWriter(destination);
        WriteReport(ref writer, nowTicks, received, sent);
        writer.Bye(_ssrc);
        return writer.Length;
    }

    /// <summary>Takes in a compound. False when it is malformed.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, long arrivalTicks)
    {
        if (!RtcpCompound.TryParse(datagram, out var compound))
            return false;
        Average(datagram.Length);
        while (compound.TryNext(out var packet))
        {
            switch (packet.Type)
            {
                case RtcpPacketType.SenderReport:
                    _lastSenderReport = packet.MiddleNtp;
                    _lastSender = packet.Ssrc;
                    _lastSenderReportTicks = arrivalTicks;
                    ReadBlocks(packet, arrivalTicks);
                    break;
                case RtcpPacketType.ReceiverReport:
                    ReadBlocks(packet, arrivalTicks);
                    break;
                case RtcpPacketType.Bye:
                    // A note for the call page: SIP decides when a call ends, since a peer also says BYE when it changes its SSRC.
                    _counters.RemoteByes++;
                    break;
            }
        }
        return true;
    }

    private void WriteReport(ref RtcpWriter writer, long nowTicks, ReceiveStream received, SendStream sent)
    {
        var block = received.IsStarted ? Block(received, nowTicks) : (RtcpReportBlock?)null;

        // 6.4: a sender is who has sent since the last report or the one before.
        if (_counters.PacketsSent > _packetsAtReportBefore)
        {
            writer.SenderReport(
                _ssrc, _ntp.At(nowTicks), sent.TimestampAt(nowTicks), (uint)(_counters.PacketsSent - _packetsBefore), (uint)(_counters.BytesSent - _bytesBefore), block);
        }
        else
        {
            writer.ReceiverReport(_ssrc, block);
        }
        _packetsAtReportBefore = _packetsAtLastReport;
        _packetsAtLastReport = _counters.PacketsSent;
        writer.SourceDescription(_ssrc, _cname);
    }

    private RtcpReportBlock Block(ReceiveStream received, long nowTicks)
    {
        // 6.4.1: LSR is of the source that the block is about; another has had no report from it.
        var last = _lastSender == received.Ssrc ? _lastSenderReport : 0;
        var delay = last == 0 ? 0 : (uint)((nowTicks - _lastSenderReportTicks) * 65536.0 / _time.TimestampFrequency);
        return new RtcpReportBlock(
            received.Ssrc,
            received.Sequence.TakeFractionLost(),
            received.Sequence.Lost,
            received.Sequence.ExtendedHighest,
            (uint)received.Jitter.Jitter,
            last,
            delay);
    }

    private void ReadBlocks(in RtcpPacket packet, long arrivalTicks)
    {
        for (var i = 0; i < packet.Count; i++)
        {
            var block = packet.ReportBlock(i);
            if (block.Ssrc != _ssrc)
                continue;
            _counters.SetRemoteReport(block);
            if (block.LastSenderReport == 0)
                continue;

            // RFC 3550 6.4.1: A - LSR - DLSR, modulo 2^32. Rounding at both ends can bring a short one below zero.
            var roundTrip = unchecked((int)(_ntp.MiddleAt(arrivalTicks) - block.LastSenderReport - block.DelaySinceLastSenderReport));
            if (roundTrip is > -RoundingError and < MaxRoundTrip)
                _counters.SetRoundTrip(Math.Max(0, roundTrip) / 65536.0);
        }
    }

    private void Schedule(long nowTicks)
    {
        var interval = RtcpInterval.Next(_averageBytes, BandwidthBytesPerSecond, !_hasSent, Random.Shared.NextDouble());
        _dueTicks = nowTicks + (long)(interval.TotalSeconds * _time.TimestampFrequency);
        _scheduled = true;
    }

    private void Sent(int bytes)
    {
        _hasSent = true;
        Average(bytes);
    }

    // 6.3.3: a running average over packets sent and received, with the lower layers' headers.
    private void Average(int bytes) => _averageBytes += ((bytes + IpAndUdpBytes) - _averageBytes) / 16;
}
