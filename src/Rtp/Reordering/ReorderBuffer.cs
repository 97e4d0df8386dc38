namespace VoiceGateway.Rtp;

/// <summary>
/// Puts packets back in order without delaying those that are:
/// <code>
///   next expected      -> delivered at once, then whatever waited behind it
///   ahead of a gap     -> held until the gap fills, `maxHeld` packets wait, or the oldest has waited long enough
///   behind             -> late, or a duplicate if it was seen before
/// </code>
/// </summary>
internal sealed class ReorderBuffer(int maxHeld)
{
    /// <summary>A gap of this many packets is not going to fill within any wait.</summary>
    // Power of two: sequence numbers index the slots.
    public const int Capacity = 32;

    // Made with the first gap: most calls have none.
    private Slot[] _slots = [];
    private ushort _next;
    private int _held;
    private long? _overtakenAt;

    // Bit i: sequence number _next - 1 - i has been received.
    private ulong _history;

    public bool IsWaiting => _held > 0;

    /// <summary>How long after the first packet that overtook it the last offered one came; 0 when it was not overtaken, or nobody knows.</summary>
    public long BehindTicks { get; private set; }

    /// <summary>Forgets everything; the packet with this number is the next expected.</summary>
    public void Restart(ushort next)
    {
        _next = next;
        _history = 0;
        _held = 0;
        _overtakenAt = null;
        foreach (ref var slot in _slots.AsSpan())
            slot.IsHeld = false;
    }

    public ReorderVerdict Offer(in RtpPacket packet, PacketKind kind, long arrivalTicks, IReorderSink sink)
    {
        int ahead = (short)(packet.SequenceNumber - _next);
        BehindTicks = 0;
        if (ahead == 0)
        {
            var filled = _held > 0;
            if (filled)
                BehindTicks = arrivalTicks - OldestArrival();
            Advance(received: true);
            sink.Deliver(kind, packet.PayloadType, packet.Marker, packet.Timestamp, packet.Payload, arrivalTicks);
            DeliverRun(sink);
            return filled ? ReorderVerdict.FilledGap : ReorderVerdict.Delivered;
        }

        if (ahead < 0)
        {
            if (-ahead <= 64 && (_history & (1UL << (-ahead - 1))) != 0)
                return ReorderVerdict.Duplicate;
            BehindTicks = arrivalTicks - (_overtakenAt ?? arrivalTicks);
            return ReorderVerdict.Late;
        }

        if (ahead >= Capacity)
        {
            Flush(sink);
            _overtakenAt = arrivalTicks;
            GiveUp((short)(packet.SequenceNumber - _next), sink);
            return Offer(packet, kind, arrivalTicks, sink);
        }

        if (_slots.Length == 0)
            _slots = new Slot[Capacity];
        ref var slot = ref _slots[packet.SequenceNumber % Capacity];
        if (slot.IsHeld)
            return ReorderVerdict.Duplicate;
        slot.Hold(packet, kind, arrivalTicks);
        if (++_held >= maxHeld)
            SkipGap(sink);
        return ReorderVerdict.Held;
    }

    /// <summary>Gives up gaps whose first waiting packet has waited so long.</summary>
    public void Expire(long nowTicks, long waitTicks, IReorderSink sink)
    {
        while (_held > 0 && nowTicks - OldestArrival() >= waitTicks)
            SkipGap(sink);
    }

    /// <summary>Delivers all that is held, gaps or not.</summary>
    public void Flush(IReorderSink sink)
    {
        while (_held > 0)
            SkipGap(sink);
    }

    private long OldestArrival()
    {
        var oldest = long.MaxValue;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.IsHeld)
                oldest = Math.Min(oldest, slot.ArrivalTicks);
        }
        return oldest;
    }

    private void SkipGap(IReorderSink sink)
    {
        _overtakenAt = OldestArrival();
        var missing = 0;
        while (!_slots[(ushort)(_next + missing) % Capacity].IsHeld)
            missing++;
        GiveUp(missing, sink);
        DeliverRun(sink);
    }

    private void GiveUp(int packets, IReorderSink sink)
    {
        if (packets <= 0)
            return;
        sink.Missing(packets);
        for (var i = 0; i < packets; i++)
            Advance(received: false);
    }

    private void DeliverRun(IReorderSink sink)
    {
        while (_held > 0)
        {
            ref var slot = ref _slots[_next % Capacity];
            if (!slot.IsHeld)
                return;
            slot.IsHeld = false;
            _held--;
            Advance(received: true);
            sink.Deliver(slot.Kind, slot.PayloadType, slot.Marker, slot.Timestamp, slot.Payload, slot.ArrivalTicks);
        }
    }

    private void Advance(bool received)
    {
        _next++;
        _history = (_history << 1) | (received ? 1UL : 0UL);
    }

    private struct Slot
    {
        private byte[]? _data;
        private int _length;

        public bool IsHeld;
        public PacketKind Kind;
        public byte PayloadType;
        public bool Marker;
        public uint Timestamp;
        public long ArrivalTicks;

        public readonly ReadOnlySpan<byte> Payload => _data.AsSpan(0, _length);

        public void Hold(in RtpPacket packet, PacketKind kind, long arrivalTicks)
        {
            // Grown to the next power of two and kept: after the first gaps nothing is allocated.
            if (_data is null || _data.Length < packet.Payload.Length)
                _data = new byte[Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)packet.Payload.Length))];
            packet.Payload.CopyTo(_data);
            _length = packet.Payload.Length;
            (IsHeld, Kind, PayloadType, Marker) = (true, kind, packet.PayloadType, packet.Marker);
            (Timestamp, ArrivalTicks) = (packet.Timestamp, arrivalTicks);
        }
    }
}
