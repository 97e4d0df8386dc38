namespace VoiceGateway.Rtp.Tests.Reordering;

public class ReorderBufferTests : IReorderSink
{
    private const long Wait = 60;
    private readonly ReorderBuffer _buffer = new(maxHeld: 4);
    private readonly List<string> _out = [];
    private int _first;

    void IReorderSink.Deliver(PacketKind kind, byte payloadType, bool marker, uint timestamp, ReadOnlySpan<byte> payload, long arrivalTicks)
    {
        Assert.Equal((byte)(timestamp / 160), payload[0]);
        _out.Add($"{(timestamp / 160) - _first}");
    }

    void IReorderSink.Missing(int packets) => _out.Add($"-{packets}");

    private string Out()
    {
        var result = string.Join(' ', _out);
        _out.Clear();
        return result;
    }

    private ReorderVerdict Offer(int number, long at = 0, int length = 160)
    {
        var payload = new byte[length];
        payload[0] = (byte)(number + _first);
        var bytes = Packet.Bytes(number + _first, (uint)((number + _first) * 160), payload: payload);
        return _buffer.Offer(Packet.Parse(bytes), PacketKind.Audio, at, this);
    }

    private void Start(int first = 0)
    {
        _first = first;
        _buffer.Restart((ushort)first);
    }

    [Fact]
    public void Offer_InOrder_IsDeliveredAtOnce()
    {
        Start();
        Assert.Equal(ReorderVerdict.Delivered, Offer(0));
        Assert.Equal("0", Out());
        Assert.Equal(ReorderVerdict.Delivered, Offer(1));
        Assert.Equal("1", Out());
    }

    [Fact]
    public void Offer_AcrossTheWrap_IsInOrder()
    {
        Start(65534);
        foreach (var number in new[] { 0, 2, 1, 3 })
            Offer(number);

        Assert.Equal("0 1 2 3", Out());
    }

    [Fact]
    public void Offer_TwoSwapped_WaitsForTheFirstOnly()
    {
        Start();
        Offer(0);
        Assert.Equal(ReorderVerdict.Held, Offer(2));
        Assert.Equal("0", Out());
        Assert.Equal(ReorderVerdict.FilledGap, Offer(1));
        Assert.Equal("1 2", Out());
    }

    [Fact]
    public void Offer_FourthBehindAGap_GivesTheGapUp()
    {
        Start();
        Offer(0);
        Offer(2);
        Offer(3);
        Offer(4);
        Assert.Equal("0", Out());

        Offer(5);
        Assert.Equal("-1 2 3 4 5", Out());
        Offer(6);
        Assert.Equal("6", Out());
    }

    [Fact]
    public void Expire_AfterTheWait_GivesTheGapUp()
    {
        Start();
        Offer(0);
        Offer(3, at: 100);
        _buffer.Expire(100 + Wait - 1, Wait, this);
        Assert.Equal("0", Out());

        _buffer.Expire(100 + Wait, Wait, this);
        Assert.Equal("-2 3", Out());
    }

    [Fact]
    public void Expire_SecondGapYounger_StaysWaiting()
    {
        Start();
        Offer(0);
        Offer(2, at: 0);
        Offer(4, at: 50);
        _buffer.Expire(Wait, Wait, this);
        Assert.Equal("0 -1 2", Out());

        _buffer.Expire(50 + Wait, Wait, this);
        Assert.Equal("-1 4", Out());
    }

    [Fact]
    public void Offer_AfterGivenUp_IsLate()
    {
        Start();
        Offer(0);
        Offer(2);
        _buffer.Expire(Wait, Wait, this);
        Out();

        Assert.Equal(ReorderVerdict.Late, Offer(1));
        Assert.Equal("", Out());
    }

    [Fact]
    public void Offer_SeenBefore_IsDuplicate()
    {
        Start();
        for (var number = 0; number < 40; number++)
            Offer(number);
        Offer(42);

        Assert.Equal(ReorderVerdict.Duplicate, Offer(39));
        Assert.Equal(ReorderVerdict.Duplicate, Offer(0));
        Assert.Equal(ReorderVerdict.Duplicate, Offer(42));
    }

    [Fact]
    public void BehindTicks_OvertakenPackets_SaysForHowLong()
    {
        Start();
        Offer(0, at: 0);
        Assert.Equal(0, _buffer.BehindTicks);
        Offer(2, at: 40);
        Offer(3, at: 60);
        Assert.Equal(0, _buffer.BehindTicks);
        Offer(1, at: 95);
        Assert.Equal(55, _buffer.BehindTicks);

        // In time or not: the first that overtook it counts.
        Offer(5, at: 100);
        _buffer.Expire(100 + Wait, Wait, this);
        Offer(6, at: 180);
        Assert.Equal(ReorderVerdict.Late, Offer(4, at: 190));
        Assert.Equal(90, _buffer.BehindTicks);
        Offer(7, at: 200);
        Assert.Equal(0, _buffer.BehindTicks);
    }

    [Fact]
    public void Offer_FarAhead_IsDeliveredAtOnceBehindWhatWaited()
    {
        Start();
        Offer(0);
        Offer(2);
        Offer(200);

        Assert.Equal("0 -1 2 -197 200", Out());
        Offer(201);
        Assert.Equal("201", Out());
    }

    [Fact]
    public void Offer_LargerPayloadInAUsedSlot_IsKeptWhole()
    {
        Start();
        Offer(1, length: 10);
        Offer(0);
        Offer(17, at: 0);
        Offer(18, length: 1400);
        _buffer.Flush(this);

        Assert.EndsWith("17 18", Out(), StringComparison.Ordinal);
    }

    [Fact]
    public void Restart_WhileHolding_ForgetsIt()
    {
        Start();
        Offer(0);
        Offer(2);
        Out();
        Start(1000);
        Offer(0);
        _buffer.Flush(this);

        Assert.Equal("0", Out());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Offer_RandomLossDuplicationAndMisorder_EveryNumberIsDeliveredOnceOrMissing(int seed)
    {
        var random = new Random(seed);
        var arrivals = new List<(double At, int Number)>();
        for (var number = 0; number < 5000; number++)
        {
            if (number > 0 && random.NextDouble() < 0.05)
                continue;
            arrivals.Add((number + (random.NextDouble() * 3), number));
            if (random.NextDouble() < 0.03)
                arrivals.Add((number + (random.NextDouble() * 5), number));
        }
        _buffer.Restart(0);
        foreach (var (_, number) in arrivals.OrderBy(a => a.Number == 0 ? -1 : a.At))
        {
            var bytes = Packet.Bytes(number, (uint)(number * 160), payload: [(byte)number]);
            _buffer.Offer(Packet.Parse(bytes), PacketKind.Audio, 0, this);
        }
        _buffer.Flush(this);

        var next = 0;
        foreach (var entry in _out)
        {
            if (entry[0] == '-')
                next += int.Parse(entry[1..]);
            else
                Assert.Equal(next++, int.Parse(entry));
        }
        Assert.InRange(next, 4990, 5000);
    }
}
