namespace VoiceGateway.Rtp.Tests.Dtmf;

public class TelephoneEventSenderTests
{
    private readonly TelephoneEventSender _sender = new(8000);

    private List<(int Tick, TelephoneEvent Event, uint Timestamp, bool Marker)> Run(int ticks, uint start, int samplesATick)
    {
        var sent = new List<(int, TelephoneEvent, uint, bool)>();
        for (var tick = 0; tick < ticks; tick++)
        {
            if (_sender.TryNext(start + (uint)(tick * samplesATick), out var packet, out var timestamp, out var marker))
                sent.Add((tick, packet, timestamp, marker));
        }
        return sent;
    }

    [Fact]
    public void TryNext_OneDigit_GrowsInDurationAndEndsThreeTimes()
    {
        Assert.True(_sender.TryQueue(5, 100));
        var sent = Run(20, 1000, 160);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], sent.Select(p => p.Tick));
        Assert.All(sent, p => Assert.Equal(1000u, p.Timestamp));
        Assert.All(sent, p => Assert.Equal(5, p.Event.Event));
        Assert.Equal([160, 320, 480, 640, 800, 800, 800], sent.Select(p => (int)p.Event.Duration));
        Assert.Equal([false, false, false, false, true, true, true], sent.Select(p => p.Event.IsEnd));
        Assert.Equal([true, false, false, false, false, false, false], sent.Select(p => p.Marker));
        Assert.True(_sender.IsIdle);
    }

    [Theory]
    [InlineData(160)]
    [InlineData(0)] // a stream that stands still between digits
    public void TryNext_TwoEqualDigits_HaveDifferentTimestampsAndAPause(int samplesATick)
    {
        _sender.TryQueue(5, 100);
        _sender.TryQueue(5, 100);
        var sent = Run(40, 1000, samplesATick);

        Assert.Equal(14, sent.Count);
        var second = sent[7];
        Assert.True(second.Marker);
        Assert.True(second.Timestamp >= 1000 + 800 + 320, $"second digit at {second.Timestamp}");
        Assert.InRange(second.Tick, 8, 12);
    }

    [Fact]
    public void TryNext_DurationBetweenTicks_EndsWithTheExactOne()
    {
        _sender.TryQueue(1, 50);
        var sent = Run(20, 0, 160);

        Assert.Equal([160, 320, 400, 400, 400], sent.Select(p => (int)p.Event.Duration));
    }

    [Fact]
    public void TryQueue_SixtyFourWaiting_RefusesTheNext()
    {
        for (var i = 0; i < 64; i++)
            Assert.True(_sender.TryQueue(1, 40));

        Assert.False(_sender.TryQueue(1, 40));
    }

    [Fact]
    public void Drop_UnderADigit_ItGoesOnToItsEndAndTheOthersAreGone()
    {
        _sender.TryQueue(1, 100);
        _sender.TryQueue(2, 100);
        var sent = Run(2, 0, 160);
        _sender.Drop();
        sent.AddRange(Run(40, 320, 160));

        Assert.All(sent, p => Assert.Equal(1, p.Event.Event));
        Assert.Equal(3, sent.Count(p => p.Event.IsEnd));
        Assert.True(_sender.IsIdle);
    }

    [Fact]
    public void TryNext_HeardByOurReceiver_EachDigitOnce()
    {
        var receiver = new TelephoneEventReceiver();
        var heard = "";
        foreach (var digit in "112#*A0")
        {
            TelephoneEvent.TryGetCode(digit, out var code);
            _sender.TryQueue(code, 60);
        }
        var sequence = 0;
        foreach (var (_, packet, timestamp, marker) in Run(200, 77, 160))
        {
            var bytes = Packet.Event(sequence++, timestamp, packet.Event, packet.Duration, packet.IsEnd, marker);
            heard += receiver.OnPacket(Packet.Parse(bytes));
        }

        Assert.Equal("112#*A0", heard);
    }
}
