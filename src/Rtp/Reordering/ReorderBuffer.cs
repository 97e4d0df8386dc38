namespace VoiceGateway.Rtp;

/// <summary>
/// Puts packets back in order without delaying those that are:
/// <code>
///   next expected      -> delivered at once, then whatever waited behind it
///   ahead of a gap     -> held until the gap fills, `maxHeld` packets wait, or the oldest has waited `maxWaitTicks`
///   behind             -> late, or a duplicate if it was seen before
/// </code>
/// </summary>
internal sealed class ReorderBuffer(int maxHeld, long maxWaitTicks)
{
    // A gap of this many packets is not going to fill within the wait. Power of two: sequence numbers index the slots.
    private const int Capacity = 16;

    private readonly Slot[] _slots = new Slot[Capacity];
    private ushort _next;
    private int _held;

    // Bit i: sequence number _next - 1 - i has been received.
    private ulong _history;

    /// <summary>Forgets everything; the packet with this number is the next expected.</summary>
    public void Restart(ushort next)
    {
        _next = next;
        _history = 0;
        _held = 0;
        foreach (ref var slot in _slots.AsSpan())
            slot.IsHeld = false;
    }

    public ReorderVerdict Offer(in RtpPacket packet, PacketKind kind, long arrivalTicks, IReorderSink sink)
    {
        int ahead = (short)(packet.SequenceNumber - _next);
        if (ahead == 0)
        {
            var filled = _held > 0;
            Advance(received: true);
            sink.Deliver(kind, packet.PayloadType, packet.Marker, packet.Timestamp, packet.Payload, arrivalTicks);
            DeliverRun(sink);
            return filled ? ReorderVerdict.FilledGap : ReorderVerdict.Delivered;
        }

        if (ahead < 0)
            return -ahead <= 64 && (_history & (1UL << (-ahead - 1))) != 0 ? ReorderVerdict.Duplicate : ReorderVerdict.Late;

        if (ahead >= Capacity)
        {
            Flush(sink);
            GiveUp((short)(packet.SequenceNumber - _next), sink);
            return Offer(packet, kind, arrivalTicks, sink);
        }

        ref var slot = ref _slots[packet.SequenceNumber % Capacity];
        if (slot.IsHeld)
            return ReorderVerdict.Duplicate;
        slot.Hold(packet, kind, arrivalTicks);
        if (++_held >= maxHeld)
            SkipGap(sink);
        return ReorderVerdict.Held;
    }

    /// <summary>Gives up gaps whose first waiting packet has waited long enough.</summary>
    public void Expire(long nowTicks, IReorderSink sink)
    {
        while (_held > 0 && nowTicks - OldestArrival() >= maxWaitTicks)
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
