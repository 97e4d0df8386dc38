using System.Net;

namespace VoiceGateway.Rtp.Tests.Session;

public sealed class RtpSessionSendTests : IDisposable
{
    private readonly RtpPeer _peer = new();

    public void Dispose() => _peer.Dispose();

    private void Connect() => Assert.True(_peer.Session.SetRemote(RtpPeer.EndPoint(_peer.Socket), RtpPeer.EndPoint(_peer.RtcpSocket)));

    [Fact]
    public void Send_WithoutRemote_ReturnsFalseAndTimePasses()
    {
        var before = _peer.Session.SendTimestamp;
        Assert.False(_peer.Session.Send(0, new byte[160], 160, false));
        Assert.Equal(160u, _peer.Session.SendTimestamp - before);
        Assert.Equal(0, _peer.Statistics.PacketsSent);
    }

    [Fact]
    public void Send_Several_CountsSequenceAndTimestamp()
    {
        Connect();
        Assert.True(_peer.Session.Send(8, [1, 2], 160, marker: true));
        Assert.True(_peer.Session.Send(8, [3, 4], 160, marker: false));
        _peer.Session.Skip(800);
        Assert.True(_peer.Session.Send(8, [5, 6], 160, marker: true));

        var first = Packet.Parse(RtpPeer.Receive(_peer.Socket));
        var second = Packet.Parse(RtpPeer.Receive(_peer.Socket));
        var third = Packet.Parse(RtpPeer.Receive(_peer.Socket));
        Assert.Equal((8, true, false, true), (first.PayloadType, first.Marker, second.Marker, third.Marker));
        Assert.Equal((1, 2), ((ushort)(second.SequenceNumber - first.SequenceNumber), (ushort)(third.SequenceNumber - first.SequenceNumber)));
        Assert.Equal((160u, 1120u), (second.Timestamp - first.Timestamp, third.Timestamp - first.Timestamp));
        Assert.Equal(_peer.Session.LocalSsrc, third.Ssrc);
        Assert.Equal([5, 6], third.Payload.ToArray());
        Assert.Equal((3, 6), (_peer.Statistics.PacketsSent, _peer.Statistics.BytesSent));
    }

    [Fact]
    public void Send_AfterAPacketFromElsewhere_GoesThere()
    {
        Connect();
        var nat = _peer.NewSocket();
        _peer.SendFrom(nat, Packet.Bytes(1));
        _peer.Session.Send(0, [1], 160, false);

        Assert.Equal(13, RtpPeer.Receive(nat).Length);
        Assert.False(RtpPeer.HasMore(_peer.Socket));
    }

    [Fact]
    public void SetRemote_Unspecified_StopsSendingUntilTheAddressIsBack()
    {
        Connect();
        Assert.True(_peer.Session.SetRemote(new IPEndPoint(IPAddress.Any, 4000)));
        Assert.False(_peer.Session.Send(0, [1], 160, false));
        Assert.Null(_peer.Statistics.Remote);

        Connect();
        Assert.True(_peer.Session.Send(0, [1], 160, false));
    }

    [Fact]
    public void ForgetRemote_ThenTheAddressIsLookedUp_SendsThereUnlessSomebodyCameFirst()
    {
        _peer.Session.ForgetRemote();
        Assert.False(_peer.Session.Send(0, [1], 160, false));
        Assert.False(_peer.Session.SetResolvedRemote(IPEndPoint.Parse("[2001:db8::1]:4000")));
        Assert.False(_peer.Session.SetResolvedRemote(new IPEndPoint(IPAddress.Any, 4000)));
        Assert.True(_peer.Session.SetResolvedRemote(RtpPeer.EndPoint(_peer.Socket)));
        Assert.True(_peer.Session.Send(0, [1], 160, false));
        Assert.Equal(RtpPeer.EndPoint(_peer.Socket), _peer.Statistics.Remote);

        _peer.Session.ForgetRemote();
        var nat = _peer.NewSocket();
        _peer.SendFrom(nat, Packet.Bytes(1));
        Assert.True(_peer.Session.SetResolvedRemote(RtpPeer.EndPoint(_peer.Socket)));
        Assert.True(_peer.Session.Send(0, [1], 160, false));
        Assert.Equal(RtpPeer.EndPoint(nat), _peer.Statistics.Remote);
    }

    [Fact]
    public void SetResolvedRemote_BeforeTheMoveWasTakenNoticeOf_OpensTheLatch()
    {
        Connect();
        _peer.Send(Packet.Bytes(1));
        _peer.Session.ForgetRemote();
        var elsewhere = _peer.NewSocket();
        Assert.True(_peer.Session.SetResolvedRemote(RtpPeer.EndPoint(elsewhere)));
        Assert.True(_peer.Session.Send(0, [1], 160, false));
        Assert.Equal(RtpPeer.EndPoint(elsewhere), _peer.Statistics.Remote);
    }

    [Fact]
    public void SetRemote_IPv6OnAnIPv4Socket_IsRefused()
    {
        Connect();
        Assert.False(_peer.Session.SetRemote(IPEndPoint.Parse("[2001:db8::1]:4000")));
        Assert.True(_peer.Session.Send(0, [1], 160, false));
    }

    [Fact]
    public void Send_PayloadLongerThanAFrame_Throws() =>
        Assert.Throws<ArgumentException>(() => _peer.Session.Send(0, new byte[RtpSession.MaxPayloadLength + 1], 160, false));

    [Fact]
    public void SendDigit_OnTicks_IsAWholeEventInPlaceOfAudio()
    {
        Connect();
        _peer.Receiver.Ticked = _ => _peer.Session.Send(0, new byte[160], 160, false);
        _peer.Ticks(1);
        Assert.True(_peer.Session.SendDigit('#', 60));
        Assert.False(_peer.Session.DigitsSent);
        _peer.Ticks(10);
        Assert.True(_peer.Session.DigitsSent);

        var types = new List<int>();
        var digits = new TelephoneEventReceiver();
        var heard = "";
        var eventTimestamps = new HashSet<uint>();
        ushort? sequence = null;
        while (RtpPeer.HasMore(_peer.Socket))
        {
            var bytes = RtpPeer.Receive(_peer.Socket);
            var packet = Packet.Parse(bytes);
            if (sequence is { } last)
                Assert.Equal((ushort)(last + 1), packet.SequenceNumber);
            sequence = packet.SequenceNumber;
            types.Add(packet.PayloadType);
            if (packet.PayloadType != 101)
                continue;
            heard += digits.OnPacket(packet);
            eventTimestamps.Add(packet.Timestamp);
        }
        Assert.Equal("#", heard);
        Assert.Single(eventTimestamps);
        Assert.Equal([0, 101, 101, 101, 101, 101], types.Take(6));
        Assert.All(types.Skip(6), type => Assert.Equal(0, type));
        Assert.True(types.Count > 8);
    }

    [Fact]
    public void SendDigit_WithoutNegotiatedType_ReturnsFalse()
    {
        _peer.Session.SetTelephoneEvent(null);
        Assert.False(_peer.Session.SendDigit('1'));
    }

    [Fact]
    public void SendDigit_BeforeThereIsARemote_WaitsForIt()
    {
        Assert.True(_peer.Session.SendDigit('1'));
        _peer.Ticks(20);
        Connect();
        _peer.Ticks(3);

        var packet = Packet.Parse(RtpPeer.Receive(_peer.Socket));
        Assert.Equal((101, true), (packet.PayloadType, packet.Marker));
    }

    [Theory]
    [InlineData('x', 100)]
    [InlineData('1', 10)]
    [InlineData('1', 9000)]
    public void SendDigit_Nonsense_Throws(char digit, int durationMs) =>
        Assert.ThrowsAny<ArgumentException>(() => _peer.Session.SendDigit(digit, durationMs));

    [Fact]
    public void SetTelephoneEvent_TypesDiffer_SendsWithThePeers()
    {
        Connect();
        _peer.Session.SetTelephoneEvent(101, 97);
        _peer.Session.SendDigit('1');
        _peer.Ticks(1);

        Assert.Equal(97, Packet.Parse(RtpPeer.Receive(_peer.Socket)).PayloadType);
    }

    // It would be heard as audio, or as whatever that number is with the peer.
    [Fact]
    public void SetTelephoneEvent_PeerTakesNone_SendsNone()
    {
        Connect();
        _peer.Session.SetTelephoneEvent(101, null);
        Assert.False(_peer.Session.SendDigit('1'));
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        using var ports = TestPorts.Open();
        var options = new RtpSessionOptions { Ports = ports };
        Assert.ThrowsAny<ArgumentException>(() => new RtpSession(options with { TelephoneEventPayloadType = 128 }, _peer.Receiver));
        Assert.ThrowsAny<ArgumentException>(() => new RtpSession(options with { MaxReorderPackets = 32 }, _peer.Receiver));
        Assert.ThrowsAny<ArgumentException>(() => new RtpSession(options with { Cname = "" }, _peer.Receiver));
        Assert.ThrowsAny<ArgumentException>(() => new RtpSession(options with { MaxDatagramsPerTick = 0 }, _peer.Receiver));
    }
}
