namespace VoiceGateway.Rtp.Tests.Session;

public sealed class RtpSessionRtcpTests : IDisposable
{
    private static readonly byte[] ReceiverReport = Convert.FromHexString("80C9000111223344");
    private readonly RtpPeer _peer = new();

    public void Dispose() => _peer.Dispose();

    private void Connect() => _peer.Session.SetRemote(RtpPeer.EndPoint(_peer.Socket), RtpPeer.EndPoint(_peer.RtcpSocket));

    private static List<RtcpPacketType> Types(byte[] datagram)
    {
        Assert.True(RtcpCompound.TryParse(datagram, out var compound));
        var types = new List<RtcpPacketType>();
        while (compound.TryNext(out var packet))
            types.Add(packet.Type);
        return types;
    }

    [Fact]
    public void OnTick_OverAMinute_SendsReportsWithCnameAtTheInterval()
    {
        Connect();
        _peer.Receiver.Ticked = _ => _peer.Session.Send(0, [1], 160, false);
        _peer.Ticks(3000);

        Assert.InRange(_peer.Statistics.RtcpSent, 9, 31);
        Assert.Equal([RtcpPacketType.SenderReport, RtcpPacketType.SourceDescription], Types(RtpPeer.Receive(_peer.RtcpSocket)));
    }

    [Fact]
    public void OnTick_NothingSent_SendsReceiverReports()
    {
        Connect();
        _peer.Ticks(400);

        Assert.Equal([RtcpPacketType.ReceiverReport, RtcpPacketType.SourceDescription], Types(RtpPeer.Receive(_peer.RtcpSocket)));
    }

    [Fact]
    public void OnTick_RtcpSwitchedOff_SendsNone()
    {
        using var peer = new RtpPeer(options => options with { Rtcp = false });
        peer.Session.SetRemote(RtpPeer.EndPoint(peer.Socket), RtpPeer.EndPoint(peer.RtcpSocket));
        peer.Ticks(1000);

        Assert.Equal(0, peer.Statistics.RtcpSent);
    }

    [Fact]
    public void Dispose_AfterSpeaking_SaysBye()
    {
        Connect();
        _peer.Session.Send(0, [1], 160, false);
        _peer.Session.Dispose();
        _peer.Session.Dispose();

        Assert.Equal(RtcpPacketType.Bye, Types(RtpPeer.Receive(_peer.RtcpSocket))[^1]);
        Assert.False(RtpPeer.HasMore(_peer.RtcpSocket));
    }

    [Fact]
    public void Dispose_HavingSaidNothing_SaysNoBye()
    {
        Connect();
        _peer.Session.OnReadable();
        _peer.Session.Dispose();

        Assert.False(RtpPeer.HasMore(_peer.RtcpSocket));
    }

    [Fact]
    public void OnReadableRtcp_ReportFromThePeer_IsCountedAndItsPortLearnt()
    {
        _peer.Session.SetRemote(RtpPeer.EndPoint(_peer.Socket));
        _peer.Send(Packet.Bytes(1));
        _peer.SendRtcp(ReceiverReport);
        Assert.Equal((1, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpMalformed));

        _peer.Session.Send(0, [1], 160, false);
        _peer.Ticks(400);
        Assert.NotEmpty(RtpPeer.Receive(_peer.RtcpSocket));
    }

    [Fact]
    public void OnReadableRtcp_Malformed_IsCounted()
    {
        _peer.SendRtcp([]);
        _peer.SendRtcp([1, 2, 3]);
        _peer.SendRtcp(Convert.FromHexString("81C9000111223344"));

        Assert.Equal((0, 3), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpMalformed));
    }

    [Fact]
    public void OnReadable_RtcpOnTheRtpPort_IsRtcp()
    {
        _peer.Send(ReceiverReport);

        Assert.Equal((1, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.Malformed));
    }

    [Fact]
    public void OnReadableRtcp_FromAnotherHost_IsForeign()
    {
        _peer.Session.SetRemote(System.Net.IPEndPoint.Parse("192.0.2.1:4000"));
        _peer.SendRtcp(ReceiverReport);

        Assert.Equal((0, 1), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpForeign));
    }

    [Fact]
    public void OnReadableRtcp_FromTheHostOfTheRtcpAttribute_IsThePeers()
    {
        _peer.Session.SetRemote(System.Net.IPEndPoint.Parse("192.0.2.1:4000"), RtpPeer.EndPoint(_peer.RtcpSocket));
        _peer.SendRtcp(ReceiverReport);

        Assert.Equal((1, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpForeign));
    }

    [Fact]
    public void OnReadableRtcp_OtherPortOfTheHostWithoutTheSsrc_DoesNotMoveReports()
    {
        _peer.Session.SetRemote(RtpPeer.EndPoint(_peer.Socket));
        _peer.Send(Packet.Bytes(1));
        _peer.SendRtcp(ReceiverReport);
        var other = _peer.NewSocket();
        _peer.SendRtcp(Convert.FromHexString("80C9000155667788"), other);
        _peer.Ticks(400);
        Assert.NotEmpty(RtpPeer.Receive(_peer.RtcpSocket));
        Assert.False(RtpPeer.HasMore(other));

        // With it, they follow: a NAT has rebound.
        _peer.SendRtcp(ReceiverReport, other);
        _peer.Ticks(1000);
        Assert.NotEmpty(RtpPeer.Receive(other));
    }

    [Fact]
    public void OnReadableRtcp_BeforeThereIsAPeer_MovesNothing()
    {
        _peer.SendRtcp(ReceiverReport);
        _peer.Ticks(1000);

        Assert.Equal((1, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpSent));
    }

    [Fact]
    public void OnTick_RtcpMux_ReportsGoWhereRtpGoes()
    {
        Connect();
        _peer.Session.SetRtcpMux(true);
        _peer.Send(Packet.Bytes(1));
        _peer.Ticks(400);

        Assert.Equal([RtcpPacketType.ReceiverReport, RtcpPacketType.SourceDescription], Types(RtpPeer.Receive(_peer.Socket)));
        Assert.False(RtpPeer.HasMore(_peer.RtcpSocket));
    }

    [Fact]
    public void OnReadable_RtcpMux_ReportsOfTheLatchedSourceOnly()
    {
        _peer.Session.SetRtcpMux(true);
        _peer.Send(Packet.Bytes(1), ReceiverReport);
        _peer.SendFrom(_peer.NewSocket(), ReceiverReport);

        Assert.Equal((1, 1, 0), (_peer.Statistics.RtcpReceived, _peer.Statistics.RtcpForeign, _peer.Statistics.Malformed));
    }

    [Fact]
    public void Dispose_RtcpMux_SaysByeOnTheRtpPort()
    {
        Connect();
        _peer.Session.SetRtcpMux(true);
        _peer.Session.Send(0, [1], 160, false);
        _peer.Session.Dispose();

        RtpPeer.Receive(_peer.Socket);
        Assert.Equal(RtcpPacketType.Bye, Types(RtpPeer.Receive(_peer.Socket))[^1]);
    }

    [Fact]
    public void Statistics_ByeFromThePeer_IsNotedAndTheStreamGoesOn()
    {
        _peer.SendRtcp(Convert.FromHexString("80C900011122334481CB000111223344"));
        _peer.Send(Packet.Bytes(1));

        Assert.Equal((1, 1), (_peer.Statistics.RemoteByes, _peer.Statistics.PacketsReceived));
    }

    [Fact]
    public void Statistics_ReportAboutUs_GivesTheRemoteFigures()
    {
        var bytes = new byte[64];
        var writer = new RtcpWriter(bytes);
        writer.ReceiverReport(1, new RtcpReportBlock(_peer.Session.LocalSsrc, 64, 12, 0, 80, 0, 0));
        _peer.SendRtcp(bytes[..writer.Length]);

        Assert.Equal((0.25, 12L, 0.01), (_peer.Statistics.RemoteFractionLost, _peer.Statistics.RemoteCumulativeLost, _peer.Statistics.RemoteJitterSeconds));
        Assert.Null(_peer.Statistics.RoundTrip);
    }
}
