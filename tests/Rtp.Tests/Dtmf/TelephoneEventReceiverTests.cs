namespace VoiceGateway.Rtp.Tests.Dtmf;

public class TelephoneEventReceiverTests
{
    private readonly TelephoneEventReceiver _receiver = new();
    private string _heard = "";
    private int _sequence;

    private void Feed(uint timestamp, int code, int duration, bool end = false, bool marker = false, uint ssrc = Packet.Ssrc)
    {
        var bytes = Packet.Event(_sequence++, timestamp, (byte)code, (ushort)duration, end, marker, ssrc);
        _heard += _receiver.OnPacket(Packet.Parse(bytes));
    }

    // Start with marker, updates, three ends, as RFC 4733 2.5.1 wants it; `lost` leaves packets out.
    private void Press(uint timestamp, int code, int updates = 4, params int[] lost)
    {
        for (var i = 0; i < updates + 3; i++)
        {
            if (!lost.Contains(i))
                Feed(timestamp, code, Math.Min(i + 1, updates) * 160, end: i >= updates, marker: i == 0);
        }
    }

    [Fact]
    public void OnPacket_WholeEvent_IsOneDigit()
    {
        Press(1000, 5);
        Assert.Equal("5", _heard);
    }

    [Fact]
    public void OnPacket_FirstPacketWithMarkerLost_IsOneDigit()
    {
        Press(1000, 5, 4, lost: [0]);
        Assert.Equal("5", _heard);
    }

    [Fact]
    public void OnPacket_AllButOneEndLost_IsOneDigit()
    {
        Press(1000, 5, 4, lost: [0, 1, 2, 3, 4, 5]);
        Assert.Equal("5", _heard);
    }

    [Fact]
    public void OnPacket_AllEndsLost_IsOneDigitAndTheNextIsHeard()
    {
        Press(1000, 5, 4, lost: [4, 5, 6]);
        Press(2600, 6);
        Assert.Equal("56", _heard);
    }

    [Fact]
    public void OnPacket_SameDigitTwice_IsTwo()
    {
        Press(1000, 5);
        Press(2600, 5);
        Assert.Equal("55", _heard);
    }

    [Fact]
    public void OnPacket_SameDigitTwiceAllEndsAndSecondMarkerLost_IsTwo()
    {
        Press(1000, 5, 4, lost: [4, 5, 6]);
        Press(2600, 5, 4, lost: [0]);
        Assert.Equal("55", _heard);
    }

    [Fact]
    public void OnPacket_EveryPacketTwice_IsOneDigit()
    {
        for (var i = 0; i < 7; i++)
        {
            Feed(1000, 7, Math.Min(i + 1, 4) * 160, end: i >= 4, marker: i == 0);
            Feed(1000, 7, Math.Min(i + 1, 4) * 160, end: i >= 4, marker: i == 0);
        }
        Assert.Equal("7", _heard);
    }

    [Fact]
    public void OnPacket_MarkerOnEveryPacket_IsOneDigit()
    {
        for (var i = 1; i <= 5; i++)
            Feed(1000, 7, i * 160, marker: true);
        Assert.Equal("7", _heard);
    }

    [Fact]
    public void OnPacket_LateEndOfTheDigitBefore_IsNotHeardAgain()
    {
        Press(1000, 5, 4, lost: [6]);
        Feed(2600, 6, 160, marker: true);
        Feed(1000, 5, 640, end: true);
        Feed(2600, 6, 320);
        Assert.Equal("56", _heard);
    }

    [Fact]
    public void OnPacket_LateUpdateAfterTheEnd_IsNotHeardAgain()
    {
        Press(1000, 5);
        Feed(1000, 5, 320);
        Assert.Equal("5", _heard);
    }

    [Fact]
    public void OnPacket_TimestampWrap_IsTheNextDigit()
    {
        Press(uint.MaxValue - 100, 1);
        Press(1500, 2);
        Assert.Equal("12", _heard);
    }

    [Fact]
    public void OnPacket_EventLongerThanTheDurationField_IsOneDigit()
    {
        Feed(1000, 9, 800, marker: true);
        Feed(1000, 9, 0xFFFF);
        Feed(1000 + 0xFFFF, 9, 160); // next segment: 2.5.1.3
        Feed(1000 + 0xFFFF, 9, 800, end: true);
        Assert.Equal("9", _heard);
    }

    [Fact]
    public void OnPacket_LongEventWithLastUpdateOfSegmentLost_IsOneDigit()
    {
        Feed(1000, 9, 800, marker: true);
        Feed(1000, 9, 65000);
        Feed(1000 + 0xFFFF, 9, 160);
        Assert.Equal("9", _heard);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(160)]
    public void OnPacket_SenderMovesTheTimestampDuringTheEvent_IsOneDigit(int firstDuration)
    {
        for (var i = 0; i < 5; i++)
            Feed((uint)(1000 + (i * 160)), 3, firstDuration + (i * 160), marker: i == 0);
        for (var i = 5; i < 8; i++)
            Feed((uint)(1000 + (i * 160)), 3, 800, end: true);
        Assert.Equal("3", _heard);

        Press(5000, 3);
        Assert.Equal("33", _heard);
    }

    [Fact]
    public void OnPacket_MarkerOnASecondPressWithATimestampThatHardlyMoved_IsTwo()
    {
        Press(1000, 3);
        Press(1160, 3);
        Assert.Equal("33", _heard);
    }

    [Fact]
    public void OnPacket_NewSsrcWithEarlierTimestamp_IsHeard()
    {
        Press(100_000, 1);
        Feed(500, 2, 160, marker: true, ssrc: 99);
        Feed(500, 2, 320, ssrc: 99);
        Assert.Equal("12", _heard);
    }

    [Fact]
    public void OnPacket_OtherEvents_AreNoDigits()
    {
        Press(1000, 16);
        Press(3000, 4);
        Assert.Equal("4", _heard);
    }

    [Fact]
    public void OnPacket_RandomPayloads_NeverThrow()
    {
        var random = new Random(4733);
        for (var i = 0; i < 50_000; i++)
        {
            var payload = new byte[random.Next(0, 9)];
            random.NextBytes(payload);
            _receiver.OnPacket(Packet.Parse(Packet.Bytes(i, (uint)random.Next(), payload: payload)));
        }
    }
}
