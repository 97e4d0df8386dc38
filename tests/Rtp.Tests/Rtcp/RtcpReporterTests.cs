namespace VoiceGateway.Rtp.Tests.Rtcp;

public class RtcpReporterTests
{
    private readonly ManualTime _time = new();

    private sealed class End
    {
        private readonly ManualTime _time;
        private readonly byte[] _buffer = new byte[512];

        public End(ManualTime time, uint ssrc)
        {
            _time = time;
            Received = new ReceiveStream(8000, time.TimestampFrequency, 4, 1000, Counters, new RecordingReceiver());
            Reporter = new RtcpReporter(time, ssrc, "name", Counters);
            Ssrc = ssrc;
        }

        public uint Ssrc { get; }

        public RtpCounters Counters { get; } = new();

        public ReceiveStream Received { get; }

        public SendStream Sent { get; } = new(8000, TimeSpan.TicksPerSecond);

        public RtcpReporter Reporter { get; }

        public byte[] Report() => _buffer[..Reporter.WriteReport(_buffer, _time.GetTimestamp(), Received, Sent)];

        public byte[] Bye() => _buffer[..Reporter.WriteBye(_buffer, _time.GetTimestamp(), Received, Sent)];

        public void Hear(params int[] sequence)
        {
            foreach (var number in sequence)
                Received.Receive(Packet.Parse(Packet.Bytes(number, ssrc: 1)), PacketKind.Audio, _time.GetTimestamp());
        }
    }

    private static RtcpPacketType FirstType(byte[] report) => (RtcpPacketType)report[1];

    [Fact]
    public void RoundTrip_FromLsrAndDlsr_LeavesOutTheTimeAtTheOtherEnd()
    {
        var a = new End(_time, 1);
        var b = new End(_time, 2);
        a.Counters.PacketsSent = 1;
        b.Hear(1);

        var report = a.Report();
        _time.AdvanceMs(40); // on the way there
        Assert.True(b.Reporter.Receive(report, _time.GetTimestamp()));
        _time.AdvanceMs(3000); // at the other end
        var answer = b.Report();
        _time.AdvanceMs(60); // on the way back
        Assert.True(a.Reporter.Receive(answer, _time.GetTimestamp()));

        Assert.Equal(0.100, a.Counters.RoundTripSeconds, 3);
    }

    [Fact]
    public void Report_AboutAnotherSourceThanTheLastReports_HasNoLsr()
    {
        var a = new End(_time, 77);
        var b = new End(_time, 2);
        a.Counters.PacketsSent = 1;
        b.Hear(1);

        // From 77, while what is heard is 1: the source has just changed.
        Assert.True(b.Reporter.Receive(a.Report(), _time.GetTimestamp()));
        Assert.True(RtcpCompound.TryParse(b.Report(), out var compound));
        Assert.True(compound.TryNext(out var report));
        var block = report.ReportBlock(0);
        Assert.Equal((1u, 0u, 0u), (block.Ssrc, block.LastSenderReport, block.DelaySinceLastSenderReport));
    }

    [Fact]
    public void RoundTrip_EqualClocks_IsNeverNegative()
    {
        var a = new End(_time, 1);
        var b = new End(_time, 2);
        a.Counters.PacketsSent = 1;
        b.Hear(1);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(b.Reporter.Receive(a.Report(), _time.GetTimestamp()));
            _time.AdvanceMs(1.37 * i);
            a.Counters.PacketsSent++;
            Assert.True(a.Reporter.Receive(b.Report(), _time.GetTimestamp()));
            Assert.InRange(a.Counters.RoundTripSeconds, 0, 0.001);
        }
    }

    [Fact]
    public void Report_Loss_ReachesTheOtherEnd()
    {
        var a = new End(_time, 1);
        var b = new End(_time, 2);
        b.Hear(10, 11, 12, 17);

        Assert.True(a.Reporter.Receive(b.Report(), _time.GetTimestamp()));
        Assert.True(a.Counters.TryGetRemoteReport(out var fraction, out var lost, out _));
        Assert.Equal(0.5, fraction);
        Assert.Equal(4, lost);
    }

    [Fact]
    public void Receive_BlockAboutSomeoneElse_IsLeftOut()
    {
        var a = new End(_time, 999);
        var b = new End(_time, 2);
        b.Hear(1);

        Assert.True(a.Reporter.Receive(b.Report(), _time.GetTimestamp()));
        Assert.False(a.Counters.TryGetRemoteReport(out _, out _, out _));
    }

    [Fact]
    public void Report_SenderOrReceiver_FollowsTheLastTwoIntervals()
    {
        var end = new End(_time, 1);
        Assert.Equal(RtcpPacketType.ReceiverReport, FirstType(end.Report()));
        end.Counters.PacketsSent = 5;
        Assert.Equal(RtcpPacketType.SenderReport, FirstType(end.Report()));
        Assert.Equal(RtcpPacketType.SenderReport, FirstType(end.Report()));
        Assert.Equal(RtcpPacketType.ReceiverReport, FirstType(end.Report()));
    }

    [Fact]
    public void IsDue_Schedule_KeepsWithinTheRandomisedInterval()
    {
        var end = new End(_time, 1);
        var gaps = new List<double>();
        var last = 0.0;
        for (var ms = 0.0; gaps.Count < 30; ms += 20)
        {
            if (end.Reporter.IsDue(_time.GetTimestamp()))
            {
                end.Report();
                gaps.Add((ms - last) / 1000);
                last = ms;
            }
            _time.AdvanceMs(20);
        }

        Assert.InRange(gaps[0], 1.0, 3.11);
        Assert.All(gaps.Skip(1), gap => Assert.InRange(gap, 2.0, 6.2));
        Assert.True(gaps.Skip(1).Distinct().Count() > 5, "intervals are not randomised");
    }

    [Fact]
    public void WriteBye_NothingEverSent_IsEmpty() => Assert.Empty(new End(_time, 1).Bye());

    [Fact]
    public void WriteBye_AfterPackets_IsACompoundThatTheOtherEndNotes()
    {
        var a = new End(_time, 1);
        var b = new End(_time, 2);
        a.Counters.PacketsSent = 3;

        Assert.True(b.Reporter.Receive(a.Bye(), _time.GetTimestamp()));
        Assert.Equal(1, b.Counters.RemoteByes);
    }

    [Fact]
    public void Receive_Malformed_ReturnsFalse() => Assert.False(new End(_time, 1).Reporter.Receive([1, 2, 3], 0));
}
