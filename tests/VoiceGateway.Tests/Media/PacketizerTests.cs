using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class PacketizerTests : IPacketSink
{
    private readonly Packetizer _packetizer;
    private readonly List<(byte PayloadType, byte[] Payload, int Samples, bool Marker)> _sent = [];
    private byte _next;
    private bool _keep = true;

    public PacketizerTests() => _packetizer = new Packetizer(this, 160, 160);

    void IPacketSink.Send(byte payloadType, ReadOnlySpan<byte> payload, int samples, bool marker)
    {
        if (_keep) _sent.Add((payloadType, payload.ToArray(), samples, marker));
    }

    [Theory]
    [InlineData(10, 120)]
    [InlineData(20, 60)]
    [InlineData(30, 40)]
    [InlineData(40, 30)]
    [InlineData(50, 24)]
    [InlineData(60, 20)]
    public void Add_FramesOf20Ms_LeaveInOrderInPacketsOfTheAgreedLength(int packetMs, int packets)
    {
        var given = new List<byte>();
        for (var i = 0; i < 60; i++)
        {
            given.AddRange(Add(packetMs, i == 0 ? PlayoutFrame.SpeechStart : PlayoutFrame.Speech));
            _packetizer.Flush(packetMs);
        }

        Assert.Equal(packets, _sent.Count);
        Assert.All(_sent, packet => Assert.Equal((packetMs * 8, packetMs * 8), (packet.Payload.Length, packet.Samples)));
        Assert.Equal(given, _sent.SelectMany(static packet => packet.Payload));
        Assert.Equal([true, .. Enumerable.Repeat(false, packets - 1)], _sent.Select(static packet => packet.Marker));
        Assert.Equal(0, _packetizer.WaitingSamples);
    }

    [Fact]
    public void Add_TenMilliseconds_SecondHalfWaitsForTheHalfTickOrTheNextFrame()
    {
        Add(10);
        Assert.Single(_sent);
        _packetizer.Flush();
        Assert.Equal(2, _sent.Count);

        // A clock without half ticks.
        Add(10);
        Add(10);
        Assert.Equal([80, 80, 80, 80, 80], _sent.Select(static packet => packet.Payload.Length));
    }

    // Frame of 20 ms, packets of 30: the spurt begins in the second, 10 ms into it.
    [Fact]
    public void Add_SpurtBeginsWithinAPacket_ThatOneHasTheMarker()
    {
        Add(30, PlayoutFrame.Silence);
        Add(30, PlayoutFrame.SpeechStart);
        Add(30, PlayoutFrame.Speech);
        Add(30, PlayoutFrame.SpeechEnd);
        Add(30, PlayoutFrame.SpeechStart);
        Add(30, PlayoutFrame.Speech);

        Assert.Equal([true, false, true, false], _sent.Select(static packet => packet.Marker));
    }

    [Fact]
    public void Add_SpurtBeginsInWhatIsLeftOver_TheNextPacketHasTheMarker()
    {
        Add(50, PlayoutFrame.Silence);
        Add(50, PlayoutFrame.Silence);
        Add(50, PlayoutFrame.Silence);
        Assert.Single(_sent);
        Add(50, PlayoutFrame.SpeechStart);
        Add(50, PlayoutFrame.Speech);

        Assert.Equal([false, true], _sent.Select(static packet => packet.Marker));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public void Add_TheEndOfWhatWasInterrupted_LeavesAtOnce(int packetMs)
    {
        var given = Add(packetMs);
        given = [.. given, .. Add(packetMs, PlayoutFrame.Fade)];

        Assert.Equal(given, _sent.SelectMany(static packet => packet.Payload));
        Assert.Equal(320, _sent.Sum(static packet => packet.Samples));
        Assert.Equal(0, _packetizer.WaitingSamples);
    }

    [Fact]
    public void Add_AnotherCodec_TheOldOneLeavesUnderItsOwnNumber()
    {
        Add(60, payloadType: 0);
        Add(60, payloadType: 8);
        Add(60, payloadType: 8);
        Add(60, payloadType: 8);

        Assert.Equal([(0, 160), (8, 480)], _sent.Select(static packet => ((int)packet.PayloadType, packet.Payload.Length)));
    }

    [Fact]
    public void Add_ShorterPacketsFromNowOn_NothingLongerLeaves()
    {
        Add(60);
        Add(60);
        Add(20);
        Add(10);

        Assert.Equal([160, 160, 160, 80], _sent.Select(static packet => packet.Payload.Length));
    }

    [Fact]
    public void Drop_OnHold_TellsHowMuchTimePasses()
    {
        Add(60);
        Add(60);
        Assert.Equal(320, _packetizer.Drop());
        Assert.Equal(0, _packetizer.Drop());
        Assert.Empty(_sent);
    }

    [Fact]
    public void Add_AnyLengths_AllocateNothing()
    {
        _keep = false;
        var frame = new byte[160];
        for (var i = 0; i < 100; i++) Cycle(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Cycle(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle(int i)
        {
            _packetizer.Add(frame, 0, 10 + i % 6 * 10, PlayoutFrame.Speech);
            _packetizer.Flush();
        }
    }

    private byte[] Add(int packetMs, PlayoutFrame kind = PlayoutFrame.Speech, byte payloadType = 0)
    {
        var frame = new byte[160];
        foreach (ref var code in frame.AsSpan()) code = _next++;
        _packetizer.Add(frame, payloadType, packetMs, kind);
        return frame;
    }
}

file static class HalfTicks
{
    /// <summary>What the clock does between two frames.</summary>
    public static void Flush(this Packetizer packetizer, int packetMs)
    {
        if (packetMs == 10) packetizer.Flush();
    }
}
