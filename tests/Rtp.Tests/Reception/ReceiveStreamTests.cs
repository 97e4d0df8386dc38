namespace VoiceGateway.Rtp.Tests.Reception;

/// <summary>Packets over a line that these tests make up, in simulated time: which of them are heard, and how long they wait.</summary>
public sealed class ReceiveStreamTests : IRtpReceiver
{
    private const int TicksPerMs = 10;
    private const int TickMs = 20;

    private readonly RtpCounters _counters = new();
    private readonly ReceiveStream _stream;
    private readonly Dictionary<uint, long> _arrived = [];
    private int _packetMs = 20;
    private long _now;
    private int _heard;
    private int _lost;
    private int _waits;
    private double _waitedMs;
    private double _longestWaitMs;

    public ReceiveStreamTests() => _stream = new ReceiveStream(8000, 1000 * TicksPerMs, 30, 200 * TicksPerMs, _counters, this);

    private int PacketSamples => _packetMs * 8;

    [Fact]
    public void Receive_LossOnALineThatKeepsOrder_WaitsForTheNextPacketAndNoLonger()
    {
        var random = new Random(1);
        Send(0, 6000, n => n < 5999 && random.NextDouble() < 0.05 ? null : 3);

        Assert.InRange(_lost, 250, 350);
        Assert.Equal(6000, _heard + _lost);
        // The first behind a gap waits 20 ms, and for the tick or the packet that finds that out.
        Assert.InRange(_longestWaitMs, 20, 41);
        Assert.InRange(_waitedMs / _heard, 0, 2.5);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(180)]
    public void Receive_JitterThatReorders_IsWaitedForOnceItIsKnown(int jitterMs)
    {
        var random = new Random(2);
        Send(0, 250, _ => random.NextDouble() * jitterMs);
        var (late, heard) = (_counters.Late, _heard);
        Send(250, 6000, _ => random.NextDouble() * jitterMs);

        // A handful of six thousand.
        Assert.InRange(_counters.Late - late, 0, 30);
        Assert.InRange(_heard - heard, 5970, 6000);
        Assert.InRange(_longestWaitMs, 10, 240);
        Assert.True(_counters.Reordered > 500, $"{_counters.Reordered} reordered");
    }

    [Fact]
    public void Receive_JitterBeyondTheLongestWait_LosesTheLatestOnly()
    {
        var random = new Random(3);
        Send(0, 6000, _ => random.NextDouble() * 300);

        Assert.InRange(_lost, 1, 600);
        Assert.Equal(_counters.Late, _lost);
        Assert.InRange(_longestWaitMs, 200, 240);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(60)]
    public void Receive_OtherPacketTimes_EveryTenthIsLostAndNoOther(int packetMs)
    {
        _packetMs = packetMs;
        var random = new Random(4);
        Send(0, 2000, n => n % 10 == 5 ? null : random.NextDouble() * 2);

        Assert.Equal((1800, 200), (_heard, _lost));
    }

    [Fact]
    public void Receive_EveryPacketTwice_IsHeardOnceAndCounted()
    {
        Send(0, 500, _ => 1, copies: 2);

        Assert.Equal((500, 0, 500), (_heard, _lost, _counters.Duplicates));
    }

    [Fact]
    public void Receive_AudioBehindAGap_IsToldAtOnce()
    {
        Send(0, 51, n => n is 49 ? null : 0);

        Assert.Equal((50, 1, 1), (_heard, _lost, _waits));
        Assert.InRange(_longestWaitMs, 20, 20);
    }

    [Fact]
    public void Receive_InOrder_AllocatesNothing()
    {
        var packets = Enumerable.Range(0, 200).Select(static n => Packet.Bytes(n)).ToArray();
        for (var n = 0; n < 100; n++)
            Receive(n);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 100; n < 200; n++)
            Receive(n);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Receive(int n)
        {
            RtpPacket.TryParse(packets[n], out var packet);
            _now = n * 20 * TicksPerMs;
            _stream.Receive(packet, PacketKind.Audio, _now);
            _stream.Expire(_now);
        }
    }

    void IRtpReceiver.OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        _heard++;
        if (!_arrived.Remove(timestamp, out var at))
            return;
        var waited = (_now - at) / (double)TicksPerMs;
        _waitedMs += waited;
        _longestWaitMs = Math.Max(_longestWaitMs, waited);
    }

    void IRtpReceiver.OnLost(int samples) => _lost += samples / PacketSamples;

    void IRtpReceiver.OnAudioWaits() => _waits++;

    void IRtpReceiver.OnStreamChanged(uint ssrc)
    {
    }

    void IRtpReceiver.OnDigit(char digit)
    {
    }

    void IRtpReceiver.OnTick(long deadlineStopwatchTicks)
    {
    }

    /// <param name="first">Number of the first packet; they are sent evenly.</param>
    /// <param name="count">How many.</param>
    /// <param name="delayMs">Of each on its way; null: it never arrives. The first of a stream comes at once: what overtook it would begin the stream.</param>
    /// <param name="copies">Of each.</param>
    private void Send(int first, int count, Func<int, double?> delayMs, int copies = 1)
    {
        var arrivals = new PriorityQueue<int, (long, int)>();
        for (var n = first; n < first + count; n++)
        {
            if ((n == 0 ? 0 : delayMs(n)) is not { } delay)
                continue;
            for (var copy = 0; copy < copies; copy++)
                arrivals.Enqueue(n, ((long)(((n * _packetMs) + delay) * TicksPerMs), (n * copies) + copy));
        }
        var tick = ((_now / (TickMs * TicksPerMs)) + 1) * TickMs * TicksPerMs;
        while (arrivals.TryDequeue(out var n, out var due))
        {
            for (; tick <= due.Item1; tick += TickMs * TicksPerMs)
                _stream.Expire(_now = tick);
            _now = due.Item1;
            var timestamp = (uint)(n * PacketSamples);
            _arrived.TryAdd(timestamp, _now);
            _stream.Receive(Packet.Parse(Packet.Bytes(n & 0xFFFF, timestamp, length: PacketSamples)), PacketKind.Audio, _now);
            _stream.Expire(_now);
        }
        for (var i = 0; i < 15; i++, tick += TickMs * TicksPerMs)
            _stream.Expire(_now = tick);
    }
}
