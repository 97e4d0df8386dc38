namespace VoiceGateway.Rtp;

/// <summary>
/// From packets of the accepted source to the receiver:
/// <code>
///   SSRC -> sequence (A.1) -> telephone-event, jitter -> reorder -> timeline -> IRtpReceiver
/// </code>
/// </summary>
internal sealed class ReceiveStream(
    int clockRateHz, long ticksPerSecond, int maxHeld, long maxWaitTicks, RtpCounters counters, IRtpReceiver receiver) : IReorderSink
{
    private readonly SsrcFilter _ssrcs = new();
    private readonly ReorderBuffer _reorder = new(maxHeld);

    // 20 ms is what two neighbours that change places need.
    private readonly ReorderPatience _patience = new(Math.Min(ticksPerSecond / 50, maxWaitTicks), maxWaitTicks);
    private readonly AudioTimeline _timeline = new(clockRateHz, ticksPerSecond);
    private readonly TelephoneEventReceiver _events = new();

    // SSRC 0 is as good as any other, so whether there is one is said apart.
    public bool IsStarted => Sequence.IsStarted;

    public uint Ssrc => _ssrcs.Current;

    public SequenceTracker Sequence { get; } = new();

    public JitterEstimator Jitter { get; } = new(clockRateHz, ticksPerSecond);

    public void Receive(in RtpPacket packet, PacketKind kind, long arrivalTicks)
    {
        // Our own SSRC is no reason to drop (RFC 3550 8.2 speaks of loops and collisions): echo services send our packets back as they are.
        if (!_ssrcs.Accepts(packet.Ssrc, out var changed))
        {
            counters.StaleSsrc++;
            return;
        }
        if (changed)
        {
            Restart(packet.SequenceNumber);
            Sequence.Restart(packet.SequenceNumber);
        }

        switch (Sequence.Update(packet.SequenceNumber))
        {
            case SequenceVerdict.Rejected:
                counters.SequenceJumps++;
                return;
            case SequenceVerdict.Restarted:
                Restart(packet.SequenceNumber);
                break;
        }

        if (kind == PacketKind.TelephoneEvent)
            HearEvent(packet);
        Count(_reorder.Offer(packet, kind, arrivalTicks, this), packet, kind, arrivalTicks);
    }

    /// <summary>Gives up gaps that have waited long enough.</summary>
    public void Expire(long nowTicks)
    {
        if (_reorder.IsWaiting)
            _reorder.Expire(nowTicks, _patience.WaitTicks((long)(Jitter.JitterSeconds * ticksPerSecond)), this);
    }

    void IReorderSink.Deliver(PacketKind kind, byte payloadType, bool marker, uint timestamp, ReadOnlySpan<byte> payload, long arrivalTicks)
    {
        if (kind != PacketKind.Audio)
        {
            _timeline.OtherPacket();
            if (kind == PacketKind.ComfortNoise)
                receiver.OnComfortNoise(payload, timestamp);
            return;
        }
        if (!_timeline.TryContinue(timestamp, marker, arrivalTicks, out var lostSamples))
            StreamChanged();
        if (lostSamples > 0)
            receiver.OnLost(lostSamples);
        receiver.OnAudio(payloadType, payload, timestamp, marker);
    }

    void IReorderSink.Missing(int packets) => _timeline.Missing(packets);

    private void Restart(ushort sequenceNumber)
    {
        _reorder.Flush(this);
        _reorder.Restart(sequenceNumber);
        _timeline.Restart();
        StreamChanged();
    }

    private void StreamChanged()
    {
        Jitter.Restart();
        counters.StreamChanges++;
        receiver.OnStreamChanged(_ssrcs.Current);
    }

    // Not through the reorder buffer: digits are told apart by their timestamps, and a gap before them is no reason to wait.
    private void HearEvent(in RtpPacket packet)
    {
        if (_events.OnPacket(packet) is { } digit)
            receiver.OnDigit(digit);
    }

    private void Count(ReorderVerdict verdict, in RtpPacket packet, PacketKind kind, long arrivalTicks)
    {
        switch (verdict)
        {
            case ReorderVerdict.Duplicate:
                counters.Duplicates++;
                return;
            case ReorderVerdict.Late:
                counters.Late++;
                break;
            case ReorderVerdict.FilledGap:
                counters.Reordered++;
                break;
            case ReorderVerdict.Held when kind == PacketKind.Audio:
                receiver.OnAudioWaits();
                break;
        }
        if (_reorder.BehindTicks > 0)
            _patience.OnOvertaken(_reorder.BehindTicks);
        else
            _patience.OnPacket();

        // Event packets repeat a timestamp by design, which would read as jitter.
        if (kind == PacketKind.Audio)
            Jitter.OnPacket(packet.Timestamp, arrivalTicks);
    }
}
