using System.Net;

namespace VoiceGateway.Rtp.Tests.Session;

public sealed class RtpSessionReceiveTests : IDisposable
{
    private readonly RtpPeer _peer = new();

    private IReadOnlyList<string> Events => _peer.Receiver.Events;

    public void Dispose() => _peer.Dispose();

    [Fact]
    public void OnReadable_InOrder_IsHeardAtOnceWithItsContent()
    {
        _peer.Send(Packet.Bytes(7, 1000, payloadType: 8, marker: true, payload: [1, 2, 3]));

        Assert.Equal(["stream", "audio 1000"], Events);
        var (payloadType, payload, timestamp, marker) = Assert.Single(_peer.Receiver.Audio);
        Assert.Equal((8, 1000u, true), (payloadType, timestamp, marker));
        Assert.Equal([1, 2, 3], payload);
        Assert.Equal((1, 3, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.BytesReceived, _peer.Statistics.Latches));
        Assert.Equal(Packet.Ssrc, _peer.Statistics.RemoteSsrc);
        Assert.Equal(TimeSpan.Zero, _peer.Statistics.SinceLastReceived);
    }

    [Fact]
    public void OnReadable_SwappedPackets_AreHeardInOrder()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(3), Packet.Bytes(2), Packet.Bytes(4));

        Assert.Equal(["stream", "audio 160", "audio 320", "audio 480", "audio 640"], Events);
        Assert.Equal((1, 0, 0), (_peer.Statistics.Reordered, _peer.Statistics.Lost, _peer.Statistics.Late));
    }

    [Fact]
    public void OnTick_GapOlderThanTheWait_IsLost()
    {
        // One packet after the other at once: jitter, but so little that the least wait of 20 ms will do.
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2), Packet.Bytes(5));
        _peer.Ticks(1);
        Assert.Equal(["stream", "audio 160", "audio 320"], Events);

        _peer.Ticks(1);
        Assert.Equal(["lost 320", "audio 800"], Events.Skip(3));
        Assert.Equal(2, _peer.Statistics.Lost);
    }

    [Fact]
    public void OnReadable_LateAndDuplicatePackets_AreCountedAndNotHeard()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2), Packet.Bytes(4), Packet.Bytes(5), Packet.Bytes(6), Packet.Bytes(7));
        _peer.Ticks(4);
        var heard = Events.Count;
        Assert.Equal("audio 1120", Events[^1]);
        _peer.Send(Packet.Bytes(3), Packet.Bytes(7));

        Assert.Equal(heard, Events.Count);
        Assert.Equal((1, 1), (_peer.Statistics.Late, _peer.Statistics.Duplicates));
    }

    [Fact]
    public void OnReadable_AcrossTheSequenceWrap_IsOneStream()
    {
        _peer.Send(Packet.Bytes(65534, 0), Packet.Bytes(65535, 160), Packet.Bytes(0, 320), Packet.Bytes(1, 480));

        Assert.Equal(["stream", "audio 0", "audio 160", "audio 320", "audio 480"], Events);
        Assert.Equal(0, _peer.Statistics.Lost);
    }

    [Fact]
    public void OnReadable_NewSsrc_RestartsTheTimelineAndDropsStragglers()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(500, 9_000_000, ssrc: 5), Packet.Bytes(2), Packet.Bytes(501, 9_000_160, ssrc: 5));

        Assert.Equal(["stream", "audio 160", "stream", "audio 9000000", "audio 9000160"], Events);
        Assert.Equal((2, 1, 0), (_peer.Statistics.StreamChanges, _peer.Statistics.StaleSsrc, _peer.Statistics.Lost));
    }

    [Fact]
    public void OnReadable_NewSsrcWhilePacketsWait_HearsThemFirst()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2), Packet.Bytes(4), Packet.Bytes(500, 0, ssrc: 5));

        Assert.Equal(["stream", "audio 160", "audio 320", "lost 160", "audio 640", "stream", "audio 0"], Events);
    }

    [Fact]
    public void OnReadable_SequenceLeap_IsFollowedWhenConfirmed()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(20_000, 77), Packet.Bytes(20_001, 237));

        Assert.Equal(["stream", "audio 160", "stream", "audio 237"], Events);
        Assert.Equal(1, _peer.Statistics.SequenceJumps);
    }

    [Fact]
    public void OnReadable_TimestampJump_RestartsTheTimeline()
    {
        _peer.Send(Packet.Bytes(1, 800_000), Packet.Bytes(2, 5_000));

        Assert.Equal(["stream", "audio 800000", "stream", "audio 5000"], Events);
    }

    [Fact]
    public void OnReadable_GarbageAndEmptyDatagrams_AreCountedAndHarmless()
    {
        _peer.Send([], [1], new byte[300], new byte[2047], new byte[2048]);
        _peer.Send(Packet.Bytes(1));

        Assert.Equal(5, _peer.Statistics.Malformed);
        Assert.Equal(["stream", "audio 160"], Events);
    }

    [Fact]
    public void OnReadable_RandomDatagrams_NeverThrow()
    {
        var random = new Random(99);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            if (bytes.Length > 1 && i % 3 != 0)
                bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
            if (bytes.Length > 1 && i % 3 == 1)
                bytes[1] = (byte)(200 + (i % 4));
            _peer.Send(bytes);
            if (i % 50 == 0)
                _peer.Ticks(1);
        }
        var s = _peer.Statistics;
        Assert.True(s.Malformed > 0 && s.RtcpMalformed + s.RtcpForeign + s.RtcpReceived > 0);
    }

    [Fact]
    public void OnReadable_PayloadTypeOutsideTheSet_FillsItsPlaceAndIsNotHeard()
    {
        _peer.Session.SetPayloadTypes(0, 8);
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2, payloadType: 13), Packet.Bytes(3));
        _peer.Ticks(5);

        Assert.Equal(["stream", "audio 160", "audio 480"], Events);
        Assert.Equal((1, 0), (_peer.Statistics.UnknownPayloadType, _peer.Statistics.Lost));
    }

    [Fact]
    public void OnReadable_ComfortNoise_IsToldInSequenceAndLosesNothing()
    {
        _peer.Session.SetPayloadTypes(0, 8);
        _peer.Session.SetComfortNoise(13);
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2, payloadType: 13, payload: [45, 127]), Packet.Bytes(3, timestamp: 8000, marker: true));
        _peer.Ticks(5);

        Assert.Equal(["stream", "audio 160", "noise 320 45", "audio 8000"], Events);
        Assert.Equal((0, 0, 3), (_peer.Statistics.UnknownPayloadType, _peer.Statistics.Lost, _peer.Statistics.PacketsReceived));
    }

    [Fact]
    public void OnReadable_ComfortNoiseBehindAGap_WaitsForItsTurn()
    {
        _peer.Session.SetPayloadTypes(0);
        _peer.Session.SetComfortNoise(13);
        _peer.Send(Packet.Bytes(1), Packet.Bytes(3, payloadType: 13, payload: [45]), Packet.Bytes(2));

        Assert.Equal(["stream", "audio 160", "audio 320", "noise 480 45"], Events);
    }

    [Fact]
    public void OnReadable_PayloadTypeOutsideTheSet_LatchesNothing()
    {
        _peer.Session.SetPayloadTypes(0);
        _peer.Send(Packet.Bytes(1, payloadType: 96));
        _peer.SendFrom(_peer.NewSocket(), Packet.Bytes(1));

        Assert.Equal(["stream", "audio 160"], Events);
        Assert.Equal(0, _peer.Statistics.Foreign);
    }

    [Fact]
    public void SetPayloadTypes_Empty_HearsAllAgain()
    {
        _peer.Session.SetPayloadTypes(8);
        _peer.Session.SetPayloadTypes();
        _peer.Send(Packet.Bytes(1, payloadType: 18));

        Assert.Contains("audio 160", Events);
    }

    [Fact]
    public void OnReadable_ForeignSource_IsCountedAndDropped()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2), Packet.Bytes(3));
        var stranger = _peer.NewSocket();
        _peer.SendFrom(stranger, Packet.Bytes(50, ssrc: 666), Packet.Bytes(51, ssrc: 666), Packet.Bytes(52, ssrc: 666));
        _peer.Send(Packet.Bytes(4));
        _peer.Session.Send(0, [1], 160, false);

        Assert.Equal(["stream", "audio 160", "audio 320", "audio 480", "audio 640"], Events);
        Assert.False(RtpPeer.HasMore(stranger), "a stranger was answered");
        Assert.Equal(3, _peer.Session.ForeignPackets);
        Assert.Equal((3, 4, 1), (_peer.Statistics.Foreign, _peer.Statistics.PacketsReceived, _peer.Statistics.Latches));
    }

    [Fact]
    public void OnReadable_NatReboundMidCall_GoesOnWithTheNewPort()
    {
        _peer.Send(Packet.Bytes(1), Packet.Bytes(2), Packet.Bytes(3));
        var rebound = _peer.NewSocket();
        _peer.Time.AdvanceMs(200);
        _peer.SendFrom(rebound, Packet.Bytes(4), Packet.Bytes(5), Packet.Bytes(6));
        _peer.Ticks(5);

        Assert.Equal(["stream", "audio 160", "audio 320", "audio 480", "lost 320", "audio 960"], Events);
        Assert.Equal(RtpPeer.EndPoint(rebound), _peer.Statistics.Remote);
    }

    [Fact]
    public void OnReadable_OurOwnPacketsEchoed_AreHeard()
    {
        _peer.Send(Packet.Bytes(1, ssrc: _peer.Session.LocalSsrc));

        Assert.Contains("audio 160", Events);
    }

    [Fact]
    public void OnReadable_FloodAtOnce_IsReadInPortions()
    {
        for (var i = 0; i < 100; i++)
            _peer.Socket.SendTo(Packet.Bytes(i, length: 20), _peer.Session.LocalEndPoint);
        Assert.True(((IClocked)_peer.Session).ReadableRtp!.Poll(10_000_000, System.Net.Sockets.SelectMode.SelectRead));

        _peer.Session.OnReadable();
        Assert.Equal((32, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.DrainLimits));
        for (var i = 0; i < 3; i++)
            _peer.Session.OnReadable();
        Assert.Equal(100, _peer.Statistics.PacketsReceived);
    }

    [Fact]
    public void OnReadable_DigitWithLossesAndRetransmissions_IsHeardOnce()
    {
        _peer.Send(
            Packet.Bytes(1),
            Packet.Event(3, 320, 5, 320), // the packet with the marker is lost
            Packet.Event(4, 320, 5, 480),
            Packet.Event(4, 320, 5, 480),
            Packet.Event(5, 320, 5, 800, end: true),
            Packet.Event(6, 320, 5, 800, end: true),
            Packet.Bytes(8, 1120),
            Packet.Event(9, 2000, 5, 160, marker: true),
            Packet.Event(10, 2000, 5, 800, end: true));
        _peer.Ticks(5);

        Assert.Equal("55", _peer.Receiver.Digits);
        Assert.Equal(1, _peer.Statistics.Duplicates);
    }

    [Fact]
    public void OnReadable_DigitBehindAGap_DoesNotWait()
    {
        _peer.Send(Packet.Bytes(1), Packet.Event(3, 480, 7, 160, marker: true));

        Assert.Equal("7", _peer.Receiver.Digits);
    }

    [Fact]
    public void SetTelephoneEvent_OtherType_IsFollowed()
    {
        _peer.Session.SetTelephoneEvent(96);
        _peer.Session.SetPayloadTypes(0);
        var packet = Packet.Event(2, 320, 1, 160);
        packet[1] = 96;
        _peer.Send(Packet.Bytes(1), Packet.Event(3, 320, 9, 160), packet);

        Assert.Equal("1", _peer.Receiver.Digits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OnReadable_EitherKindOfSocket_HearsTheSame(bool portable)
    {
        using var peer = new RtpPeer(options => options with { PortableSockets = portable });
        peer.Send([], Packet.Bytes(1), Packet.Bytes(3), Packet.Bytes(2));

        Assert.Equal(["stream", "audio 160", "audio 320", "audio 480"], peer.Receiver.Events);
    }

    [Fact]
    public void OnReadable_OnIPv6_LatchesAndAnswers()
    {
        if (!TestPorts.Allocator.TryOpen(IPAddress.IPv6Loopback, out var ports))
            return;
        var receiver = new RecordingReceiver();
        using var session = new RtpSession(new RtpSessionOptions { Ports = ports }, receiver);
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetworkV6, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        socket.ReceiveTimeout = 10_000;
        socket.SendTo(Packet.Bytes(1), session.LocalEndPoint);
        Assert.True(ports.Rtp.Poll(10_000_000, System.Net.Sockets.SelectMode.SelectRead));
        session.OnReadable();

        Assert.True(session.Send(0, [1], 160, false));
        Assert.Equal(13, RtpPeer.Receive(socket).Length);
        Assert.False(session.SetRemote(new IPEndPoint(IPAddress.Loopback, 4000)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_FromWithinACallback_EndsQuietly(bool portable)
    {
        using var peer = new RtpPeer(options => options with { PortableSockets = portable });
        peer.Receiver.Heard = peer.Session.Dispose;
        for (var i = 0; i < 20; i++)
            peer.Socket.SendTo(Packet.Bytes(i), peer.Session.LocalEndPoint);
        Assert.True(((IClocked)peer.Session).ReadableRtp!.Poll(10_000_000, System.Net.Sockets.SelectMode.SelectRead));
        peer.Session.OnReadable();
        Assert.Equal(["stream", "audio 0"], peer.Receiver.Events);

        using var other = new RtpPeer(options => options with { PortableSockets = portable });
        other.Session.SetRemote(RtpPeer.EndPoint(other.Socket));
        other.Ticks(1);
        other.Time.AdvanceMs(10_000); // a report is due
        other.Receiver.Ticked = _ => other.Session.Dispose();
        other.Ticks(2);
    }

    [Fact]
    public void OnReadable_AfterDispose_DoesNothing()
    {
        _peer.Session.Dispose();
        _peer.Session.OnReadable();
        _peer.Session.OnReadableRtcp();
        _peer.Session.OnTick(0);

        Assert.Empty(Events);
    }
}
