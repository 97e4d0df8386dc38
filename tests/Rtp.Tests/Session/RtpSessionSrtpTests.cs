using VoiceGateway.Rtp.Tests.Srtp;

namespace VoiceGateway.Rtp.Tests.Session;

/// <summary>A session under SRTP, its peer's side by hand.</summary>
public sealed class RtpSessionSrtpTests : IDisposable
{
    private static readonly byte[] ReceiverReport = Convert.FromHexString("80C9000111223344");

    private readonly RtpPeer _peer = new();

    /// <summary>What the peer sends by.</summary>
    private readonly SrtpPair _theirs = new(SrtpSuite.AesCm128Sha1Tag80);

    /// <summary>What we send by.</summary>
    private readonly SrtpPair _ours = new(SrtpSuite.AesCm128Sha1Tag80);

    public void Dispose()
    {
        _theirs.Dispose();
        _ours.Dispose();
        _peer.Dispose();
    }

    private IReadOnlyList<string> Events => _peer.Receiver.Events;

    private void Secure() => _peer.Session.SetSrtp(new SrtpParameters(_ours.Key, [_theirs.Key]));

    private void Connect() => _peer.Session.SetRemote(RtpPeer.EndPoint(_peer.Socket), RtpPeer.EndPoint(_peer.RtcpSocket));

    private byte[] Theirs(int sequence, uint ssrc = Packet.Ssrc) => _theirs.Protect(Packet.Bytes(sequence, ssrc: ssrc, payload: [1, 2, 3]));

    private byte[] Ours(byte[] srtp)
    {
        Assert.Equal(SrtpVerdict.Opened, _ours.Open(srtp, out var rtp));
        return rtp;
    }

    [Fact]
    public void OnReadable_UnderThePeersKey_IsHeardInTheClear()
    {
        Secure();
        _peer.Send(Theirs(1), Theirs(2));

        Assert.Equal(["stream", "audio 160", "audio 320"], Events);
        Assert.Equal([1, 2, 3], _peer.Receiver.Audio.First().Payload);
        Assert.Equal((SrtpSuite.AesCm128Sha1Tag80, 6), (_peer.Statistics.Srtp, _peer.Statistics.BytesReceived));
    }

    [Fact]
    public void OnReadable_InTheClearOrUnderAnotherKeyOrTwice_IsCountedAndNotHeard()
    {
        Secure();
        var first = Theirs(1);
        using var stranger = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        _peer.Send(first, first, Packet.Bytes(2), stranger.Protect(Packet.Bytes(3)), [0x80, 0]);

        Assert.Equal(["stream", "audio 160"], Events);
        Assert.Equal((2, 1, 1), (_peer.Statistics.SrtpUnauthentic, _peer.Statistics.SrtpReplayed, _peer.Statistics.Malformed));
    }

    // The latch cannot be taken by who sends first: only by who has the key.
    [Fact]
    public void OnReadable_StrangerFirst_DoesNotLatch()
    {
        Secure();
        Connect();
        var stranger = _peer.NewSocket();
        _peer.SendFrom(stranger, Packet.Bytes(1), Packet.Bytes(2), Packet.Bytes(3), Packet.Bytes(4));
        _peer.Session.Send(0, [9], 160, false);
        Assert.False(RtpPeer.HasMore(stranger));
        Ours(RtpPeer.Receive(_peer.Socket));

        var nat = _peer.NewSocket();
        _peer.SendFrom(nat, Theirs(1));
        _peer.Session.Send(0, [9], 160, false);
        Ours(RtpPeer.Receive(nat));
        Assert.Equal((1, 0), (_peer.Statistics.Latches, _peer.Statistics.Foreign));
    }

    [Fact]
    public void Send_EveryPacket_IsUnderOurKey()
    {
        Secure();
        Connect();
        for (var i = 0; i < 3; i++)
            Assert.True(_peer.Session.Send(8, [1, 2, 3, 4], 160, marker: i == 0));
        for (var i = 0; i < 3; i++)
        {
            var srtp = RtpPeer.Receive(_peer.Socket);
            Assert.NotEqual([1, 2, 3, 4], srtp[12..16]);
            var packet = Packet.Parse(Ours(srtp));
            Assert.Equal((8, i == 0, _peer.Session.LocalSsrc), (packet.PayloadType, packet.Marker, packet.Ssrc));
            Assert.Equal([1, 2, 3, 4], packet.Payload.ToArray());
        }
        Assert.Equal(12, _peer.Statistics.BytesSent);
    }

    [Fact]
    public void SendDigit_Event_IsUnderOurKey()
    {
        Secure();
        Connect();
        Assert.True(_peer.Session.SendDigit('5', 60));
        _peer.Ticks(3);
        Assert.Equal(101, Packet.Parse(Ours(RtpPeer.Receive(_peer.Socket))).PayloadType);
    }

    [Fact]
    public void Reports_BothWays_AreUnderTheKeys()
    {
        Secure();
        Connect();
        _peer.Send(Theirs(1));
        _peer.SendRtcp(_theirs.ProtectRtcp(ReceiverReport));
        Assert.Equal((1, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpMalformed));

        _peer.SendRtcp([.. ReceiverReport, .. ReceiverReport, .. ReceiverReport]);
        Assert.Equal((1, 1), (_peer.Statistics.RtcpReceived, _peer.Statistics.SrtpUnauthentic));

        _peer.Session.Send(0, [1], 160, false);
        _peer.Ticks(400);
        Assert.Equal(SrtpVerdict.Opened, _ours.OpenRtcp(RtpPeer.Receive(_peer.RtcpSocket), out var report));
        Assert.True(RtcpCompound.TryParse(report, out var compound));
        Assert.True(compound.TryNext(out var sender));
        Assert.Equal((RtcpPacketType.SenderReport, _peer.Session.LocalSsrc), (sender.Type, sender.Ssrc));

        _peer.Session.Dispose();
        var last = report;
        while (RtpPeer.HasMore(_peer.RtcpSocket))
            Assert.Equal(SrtpVerdict.Opened, _ours.OpenRtcp(RtpPeer.Receive(_peer.RtcpSocket), out last));
        Assert.Equal((byte)RtcpPacketType.Bye, last[^7]);
    }

    [Fact]
    public void SetSrtp_SameKeysAgain_GoesOn()
    {
        Secure();
        Connect();
        _peer.Send(Theirs(1));
        _peer.Session.Send(0, [1], 160, false);
        var before = Packet.Parse(Ours(RtpPeer.Receive(_peer.Socket)));

        Secure();
        var second = Theirs(2);
        _peer.Send(second, second);
        _peer.Session.Send(0, [1], 160, false);
        var after = Packet.Parse(Ours(RtpPeer.Receive(_peer.Socket)));
        Assert.Equal((before.Ssrc, (ushort)(before.SequenceNumber + 1)), (after.Ssrc, after.SequenceNumber));
        Assert.Equal((2, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.SrtpReplayed));
    }

    [Fact]
    public void SetSrtp_AnotherKeyOfOurs_IsAnotherSourceOnTheSameTimeline()
    {
        Secure();
        Connect();
        _peer.Session.Send(0, [1], 160, false);
        var before = Packet.Parse(Ours(RtpPeer.Receive(_peer.Socket)));

        using var next = new SrtpPair(SrtpSuite.AesGcm256);
        using var theirNext = new SrtpPair(SrtpSuite.AesGcm256);
        _peer.Session.SetSrtp(new SrtpParameters(next.Key, [theirNext.Key]));
        _peer.Session.Send(0, [1], 160, false);
        Assert.Equal(SrtpVerdict.Opened, next.Open(RtpPeer.Receive(_peer.Socket), out var rtp));
        var after = Packet.Parse(rtp);
        Assert.NotEqual(before.Ssrc, after.Ssrc);
        Assert.Equal((before.Timestamp + 160, _peer.Session.LocalSsrc), (after.Timestamp, after.Ssrc));
        Assert.InRange(after.SequenceNumber, 0, 0x7FFF);

        // RFC 3550 6.4.1: reports count from there.
        _peer.Ticks(400);
        Assert.Equal(SrtpVerdict.Opened, next.OpenRtcp(RtpPeer.Receive(_peer.RtcpSocket), out var report));
        Assert.Equal(after.Ssrc, SrtpHeader.RtcpSsrc(report));
        Assert.Equal(1u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(20)));
    }

    [Fact]
    public void SetSrtp_AnotherKeyOfThePeers_HearsTheOldOneForAWhile()
    {
        Secure();
        _peer.Send(Theirs(1));
        using var next = new SrtpPair(SrtpSuite.AesCm256Sha1Tag80);
        _peer.Session.SetSrtp(new SrtpParameters(_ours.Key, [next.Key]));

        // The peer may take its time.
        _peer.Time.AdvanceMs(5000);
        _peer.Send(Theirs(2), Theirs(3));
        _peer.Send(next.Protect(Packet.Bytes(4)), Theirs(5));
        Assert.Equal(5, _peer.Statistics.PacketsReceived);

        _peer.Time.AdvanceMs(1100);
        _peer.Send(Theirs(6), next.Protect(Packet.Bytes(7)));
        Assert.Equal((6, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.SrtpUnauthentic));
    }

    // Its old key does not count for ever, although it never sends under the new one.
    [Fact]
    public void SetSrtp_NewKeyOfThePeersNeverUsed_EndsTheOldOneAllTheSame()
    {
        Secure();
        _peer.Send(Theirs(1));
        using var next = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        _peer.Session.SetSrtp(new SrtpParameters(_ours.Key, [next.Key]));
        _peer.Ticks(1);

        _peer.Time.AdvanceMs(4900);
        _peer.Send(Theirs(2));
        Assert.Equal((2, 0), (_peer.Statistics.PacketsReceived, _peer.Statistics.SrtpUnauthentic));

        _peer.Time.AdvanceMs(100);
        _peer.Send(Theirs(3), next.Protect(Packet.Bytes(4)));
        Assert.Equal((3, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.SrtpUnauthentic));
    }

    // RFC 3711 3.3.2: there and back is no way to have the packets of before once more.
    [Fact]
    public void SetSrtp_KeyOfThePeersAgainAfterAnother_KnowsWhatHasBeenHere()
    {
        Secure();
        var heard = Theirs(1);
        _peer.Send(heard, Theirs(2));
        using var next = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        _peer.Session.SetSrtp(new SrtpParameters(_ours.Key, [next.Key]));
        _peer.Send(next.Protect(Packet.Bytes(3)));

        Secure();
        _peer.Send(heard, Theirs(4));
        Assert.Equal((4, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.SrtpReplayed));
    }

    [Fact]
    public void SetSrtp_KeyOfThePeersAgainAfterAnother_HearsWhatWasUnderWayUnderThat()
    {
        Secure();
        Connect();
        for (var i = 0; i < 3; i++)
            _peer.SendRtcp(_theirs.ProtectRtcp(ReceiverReport));
        using var next = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        _peer.Session.SetSrtp(new SrtpParameters(_ours.Key, [next.Key]));
        _peer.SendRtcp(next.ProtectRtcp(ReceiverReport));

        // Under an index that the first key has seen.
        Secure();
        _peer.SendRtcp(next.ProtectRtcp(ReceiverReport));
        Assert.Equal((5, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.SrtpReplayed));
    }

    // Keys and then an address, set in the middle of taking over what was set before: the address does not overtake its keys.
    [Fact]
    public void Send_KeysAndAddressSetMeanwhile_LeavesUnderNoOlderKeyToTheNewAddress()
    {
        var time = new InterruptedTime();
        using var peer = new RtpPeer(options => options with { TimeProvider = time });
        using var next = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        using var last = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        var moved = peer.NewSocket();
        peer.Session.SetSrtp(new SrtpParameters(_ours.Key, [_theirs.Key]));
        peer.Session.SetRemote(RtpPeer.EndPoint(peer.Socket));
        peer.Session.Send(0, [1], 160, false);
        Ours(RtpPeer.Receive(peer.Socket));

        peer.Session.SetSrtp(new SrtpParameters(next.Key, [next.Key]));
        time.Once = () =>
        {
            peer.Session.SetSrtp(new SrtpParameters(last.Key, [last.Key]));
            peer.Session.SetRemote(RtpPeer.EndPoint(moved));
        };
        peer.Session.Send(0, [2], 160, false);
        Assert.Null(time.Once);
        Assert.False(RtpPeer.HasMore(moved));
        Assert.Equal(SrtpVerdict.Opened, next.Open(RtpPeer.Receive(peer.Socket), out _));

        peer.Session.Send(0, [3], 160, false);
        Assert.Equal(SrtpVerdict.Opened, last.Open(RtpPeer.Receive(moved), out _));
    }

    [Fact]
    public void SetSrtp_None_IsInTheClearAndTheSameKeyAgainBeginsAnew()
    {
        Secure();
        Connect();
        _peer.Session.Send(0, [7], 160, false);
        var first = Packet.Parse(Ours(RtpPeer.Receive(_peer.Socket)));
        var heard = Theirs(1);
        _peer.Send(heard);

        _peer.Session.SetSrtp(null);
        _peer.Session.Send(0, [7], 160, false);
        Assert.Equal([7], Packet.Parse(RtpPeer.Receive(_peer.Socket)).Payload.ToArray());
        _peer.Send(Packet.Bytes(2));
        Assert.Equal(2, _peer.Statistics.PacketsReceived);
        Assert.Null(_peer.Statistics.Srtp);

        Secure();
        _peer.Send(heard, Theirs(3));
        Assert.Equal((3, 1), (_peer.Statistics.PacketsReceived, _peer.Statistics.SrtpReplayed));
        _peer.Session.Send(0, [7], 160, false);
        Assert.NotEqual(first.Ssrc, Packet.Parse(Ours(RtpPeer.Receive(_peer.Socket))).Ssrc);
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void Send_LongestPayload_Fits(string suite)
    {
        using var ours = new SrtpPair(SrtpSuite.Find(suite)!);
        _peer.Session.SetSrtp(new SrtpParameters(ours.Key, [ours.Key]));
        Connect();
        Assert.True(_peer.Session.Send(0, new byte[RtpSession.MaxPayloadLength], 160, false));
        Assert.Equal(SrtpVerdict.Opened, ours.Open(RtpPeer.Receive(_peer.Socket), out var rtp));
        Assert.Equal(RtpSession.MaxPayloadLength, Packet.Parse(rtp).Payload.Length);
    }

    [Fact]
    public void SrtpMasterKey_WrongLengthOrMixedIdentifiers_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new SrtpMasterKey(SrtpSuite.AesGcm128, new byte[30]));
        var key = SrtpPair.RandomKey(SrtpSuite.AesGcm128);
        var (plain, named) = (new SrtpMasterKey(SrtpSuite.AesGcm128, key), new SrtpMasterKey(SrtpSuite.AesGcm128, key, [1]));
        Assert.Throws<ArgumentException>(() => _peer.Session.SetSrtp(new SrtpParameters(plain, [])));
        Assert.Throws<ArgumentException>(() => _peer.Session.SetSrtp(new SrtpParameters(plain, [plain, named])));
        Assert.DoesNotContain(Convert.ToBase64String(key), new SrtpParameters(plain, [named]).ToString() + plain, StringComparison.Ordinal);
    }

    /// <summary>Something comes between when the time is asked for.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        public Action? Once { get; set; }

        public override long GetTimestamp()
        {
            var once = Once;
            Once = null;
            once?.Invoke();
            return base.GetTimestamp();
        }
    }
}
