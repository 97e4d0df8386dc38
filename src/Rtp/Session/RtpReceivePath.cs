using System.Buffers.Binary;
using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// From the sockets to the stream; what does not belong to the call is counted and goes no further.
/// <code>
///   socket -> RTP or RTCP (RFC 5761) -> SRTP -> parse -> payload type -> latch -> ReceiveStream
///                                    -> host (with rtcp-mux: the latched source) -> SRTCP -> RtcpReporter
/// </code>
/// </summary>
internal sealed class RtpReceivePath(IDatagramIo io, int maxDatagramsPerTick, long ticksPerSecond)
{
    public required RtpCounters Counters { get; init; }

    public required PayloadTypeSet PayloadTypes { get; init; }

    public required RemoteLatch Latch { get; init; }

    public required RtpDestinations Destinations { get; init; }

    public required ReceiveStream Stream { get; init; }

    public required RtcpReporter? Reporter { get; init; }

    public required SrtpKeying Srtp { get; init; }

    /// <summary>RTP and RTCP share a port (RFC 5761), and therefore a source.</summary>
    public volatile bool IsMultiplexed;

    /// <summary>The call has ended, perhaps from within a callback: nothing more goes to the receiver.</summary>
    public volatile bool IsStopped;

    /// <summary>Reads what waits at a socket, up to the limit of a tick.</summary>
    public void Drain(Socket socket, long nowTicks, bool isRtcp)
    {
        var batch = DatagramBatch.OfThisThread;
        for (var budget = maxDatagramsPerTick; budget > 0;)
        {
            var count = io.Receive(socket, batch);
            if (count < 0)
            {
                Counters.ReceiveErrors++;
                budget--;
                continue;
            }
            for (var i = 0; i < count && !IsStopped; i++)
                Receive(batch.Buffer(i)[..batch[i].Length], batch[i], nowTicks, isRtcp);
            if (count < DatagramBatch.Capacity)
                return;
            budget -= count;
        }

        // The rest waits in the socket for the next tick; beyond that the kernel drops.
        Counters.DrainLimits++;
    }

    private void Receive(Span<byte> datagram, in DatagramBatch.Entry entry, long nowTicks, bool isRtcp)
    {
        var arrival = nowTicks - (long)(entry.AgeNanoseconds * (ticksPerSecond / 1e9));
        if (isRtcp || RtpPacket.LooksLikeRtcp(datagram))
        {
            ReceiveRtcp(datagram, entry.Source, arrival, nowTicks);
            return;
        }
        if (entry.IsCut)
        {
            Counters.Malformed++;
            return;
        }
        // Before the latch: who has no key moves nothing.
        if (Srtp.Receiver is not null)
        {
            if (!IsOpened(Srtp.OpenRtp(datagram, nowTicks, out var length), ref Counters.Malformed))
                return;
            datagram = datagram[..length];
        }
        if (!RtpPacket.TryParse(datagram, out var packet))
            Counters.Malformed++;
        else
            ReceiveRtp(packet, entry.Source, arrival, nowTicks);
    }

    private void ReceiveRtp(in RtpPacket packet, in TransportAddress source, long arrivalTicks, long nowTicks)
    {
        var kind = PayloadTypes.Current.KindOf(packet.PayloadType);
        if (kind == PacketKind.Ignored)
        {
            Counters.UnknownPayloadType++;

            // It latches nothing, but from the right source it fills its place in the sequence: not heard is not lost.
            if (source == Latch.Latched && Stream.IsStarted && packet.Ssrc == Stream.Ssrc)
                Stream.Receive(packet, kind, arrivalTicks);
            return;
        }

        switch (Latch.Check(source, packet.Ssrc, packet.SequenceNumber, nowTicks))
        {
            case LatchVerdict.Foreign:
                Counters.Foreign++;
                return;
            case LatchVerdict.Latched:
                Counters.Latches++;
                Destinations.Update(Latch);
                break;
        }
        Counters.PacketsReceived++;
        Counters.BytesReceived += packet.Payload.Length;
        Volatile.Write(ref Counters.LastReceivedTicks, nowTicks);
        Stream.Receive(packet, kind, arrivalTicks);
    }

    private void ReceiveRtcp(Span<byte> datagram, in TransportAddress source, long arrivalTicks, long nowTicks)
    {
        var peer = Latch.Latched ?? Latch.Signalled;
        if (peer is { } known && !IsOfPeer(source, known))
        {
            Counters.RtcpForeign++;
            return;
        }
        if (Srtp.Receiver is not null)
        {
            if (!IsOpened(Srtp.OpenRtcp(datagram, nowTicks, out var length), ref Counters.RtcpMalformed))
                return;
            datagram = datagram[..length];
        }
        if (Reporter is { } reporter && !reporter.Receive(datagram, arrivalTicks))
        {
            Counters.RtcpMalformed++;
            return;
        }
        Counters.RtcpReceived++;

        // Before there is a peer, a report is heard and moves nothing.
        if (peer is not null && !IsMultiplexed && Destinations.LearnRtcp(source, IsOfStream(datagram)))
            Destinations.Update(Latch);
    }

    private bool IsOpened(SrtpVerdict verdict, ref long malformed)
    {
        switch (verdict)
        {
            case SrtpVerdict.Malformed:
                malformed++;
                return false;
            case SrtpVerdict.Unauthentic:
                Counters.SrtpUnauthentic++;
                return false;
            case SrtpVerdict.Replayed:
                Counters.SrtpReplayed++;
                return false;
            default:
                return true;
        }
    }

    // Ports are the NAT's business; the host must be the one that speaks to us, or that the SDP names.
    private bool IsOfPeer(in TransportAddress source, in TransportAddress peer)
    {
        if (IsMultiplexed && Latch.Latched is { } latched)
            return source == latched;
        return source.SameHost(peer) || Destinations.IsSignalledRtcpHost(source);
    }

    // RFC 3550 6.4: every compound begins with its sender's SSRC.
    private bool IsOfStream(ReadOnlySpan<byte> datagram) =>
        Stream.IsStarted && datagram.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == Stream.Ssrc;
}
