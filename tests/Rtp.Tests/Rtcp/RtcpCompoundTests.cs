namespace VoiceGateway.Rtp.Tests.Rtcp;

public class RtcpCompoundTests
{
    private const string EmptyReceiverReport = "80C9000111223344";

    private static byte[] Report(RtcpReportBlock? block, bool bye = false)
    {
        var bytes = new byte[256];
        var writer = new RtcpWriter(bytes);
        writer.SenderReport(7, 0x0102030405060708, 160, 10, 1600, block);
        writer.SourceDescription(7, "abc"u8);
        if (bye)
            writer.Bye(7);
        return bytes[..writer.Length];
    }

    [Fact]
    public void TryParse_WhatTheWriterWrote_GivesItBack()
    {
        var block = new RtcpReportBlock(0xAABBCCDD, 128, -3, 0x00010005, 99, 0x11112222, 0x33334444);
        Assert.True(RtcpCompound.TryParse(Report(block, bye: true), out var compound));

        Assert.True(compound.TryNext(out var report));
        Assert.Equal(RtcpPacketType.SenderReport, report.Type);
        Assert.Equal(7u, report.Ssrc);
        Assert.Equal(0x03040506u, report.MiddleNtp);
        Assert.Equal(1, report.Count);
        Assert.Equal(block, report.ReportBlock(0));
        Assert.True(compound.TryNext(out var description));
        Assert.Equal(RtcpPacketType.SourceDescription, description.Type);
        Assert.True(compound.TryNext(out var bye));
        Assert.Equal(RtcpPacketType.Bye, bye.Type);
        Assert.Equal(7u, bye.Ssrc);
        Assert.False(compound.TryNext(out _));
    }

    [Theory]
    [InlineData("a", 12)] // 4 + 4 + 2 + 1 + end of list, filled up
    [InlineData("ab", 16)] // text ends on the boundary: the null octet needs a word of its own
    [InlineData("abcdef", 20)]
    public void SourceDescription_AnyLength_EndsWithANullOnA32BitBoundary(string cname, int length)
    {
        var bytes = new byte[64];
        Array.Fill(bytes, (byte)0xFF);
        var writer = new RtcpWriter(bytes);
        writer.SourceDescription(1, System.Text.Encoding.ASCII.GetBytes(cname));

        Assert.Equal(length, writer.Length);
        Assert.Equal((length / 4) - 1, bytes[3]);
        Assert.All(bytes[(10 + cname.Length)..length], b => Assert.Equal(0, b));
        Assert.Equal(0xFF, bytes[length]);
    }

    [Fact]
    public void ReceiverReport_WithAndWithoutBlock_HasTheLengthsOfRfc3550()
    {
        var bytes = new byte[64];
        var writer = new RtcpWriter(bytes);
        writer.ReceiverReport(0x11223344, null);
        Assert.Equal(EmptyReceiverReport, Convert.ToHexString(bytes, 0, writer.Length));

        writer = new RtcpWriter(bytes);
        writer.ReceiverReport(1, new RtcpReportBlock(2, 0, 0, 0, 0, 0, 0));
        Assert.Equal(32, writer.Length);
        Assert.Equal(0x81, bytes[0]);
    }

    [Theory]
    [InlineData(-0x800000)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(0x7FFFFF)]
    public void ReportBlock_CumulativeLost_Is24BitsSigned(int lost)
    {
        var bytes = new byte[RtcpReportBlock.Length];
        new RtcpReportBlock(1, 200, lost, 3, 4, 5, 6).Write(bytes);

        var read = RtcpReportBlock.Read(bytes);
        Assert.Equal(lost, read.CumulativeLost);
        Assert.Equal(200, read.FractionLost);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80C9")]
    [InlineData("40C9000111223344")] // version 1
    [InlineData("81CA000211223344010161 00")] // begins with SDES
    [InlineData("80CB0000")] // begins with BYE
    [InlineData("80C9000211223344")] // longer than the datagram
    [InlineData("80C90000")] // no room for the SSRC
    [InlineData("81C9000111223344")] // a report block that is not there
    [InlineData("80C8000111223344")] // sender report without sender info
    [InlineData("80C900011122334480CB")] // half a header at the end
    [InlineData("80C900011122334441CB000155555555")] // version 1 in the second
    [InlineData("80C900011122334482CB000155555555")] // BYE of two with one
    [InlineData("A0C900021122334400000004")] // first packet padded
    [InlineData("80C9000111223344A0CB000100000000")] // padding of nothing
    [InlineData("80C9000111223344A0CB000100000003")] // not a multiple of four
    [InlineData("80C9000111223344A0CB000100000008")] // more than there is
    public void TryParse_Malformed_ReturnsFalse(string hex)
    {
        Assert.False(RtcpCompound.TryParse(Convert.FromHexString(hex.Replace(" ", "")), out _));
    }

    [Theory]
    [InlineData(EmptyReceiverReport)]
    [InlineData("80C9000111223344A0CB000100000004")] // BYE of nobody, padded
    [InlineData("80C900011122334480CC000211223344AABBCCDD")] // APP, or whatever it is: skipped
    [InlineData("80C90003112233440102030405060708")] // profile-specific extension
    public void TryParse_Unusual_IsAccepted(string hex)
    {
        Assert.True(RtcpCompound.TryParse(Convert.FromHexString(hex), out var compound));
        while (compound.TryNext(out _))
        {
        }
    }

    [Fact]
    public void TryParse_RandomAndDamagedBytes_NeverThrows()
    {
        var random = new Random(65);
        var good = Report(new RtcpReportBlock(1, 2, 3, 4, 5, 6, 7), bye: true);
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            byte[] bytes;
            if (i % 2 == 0)
            {
                bytes = (byte[])good.Clone();
                for (var damage = random.Next(1, 4); damage > 0; damage--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                bytes = bytes[..random.Next(bytes.Length + 1)];
            }
            else
            {
                bytes = new byte[random.Next(0, 80)];
                random.NextBytes(bytes);
            }
            if (!RtcpCompound.TryParse(bytes, out var compound))
                continue;
            accepted++;
            while (compound.TryNext(out var packet))
            {
                _ = packet.Ssrc;
                if (packet.Type is RtcpPacketType.SenderReport)
                    _ = packet.MiddleNtp;
                for (var b = 0; packet.Type is RtcpPacketType.SenderReport or RtcpPacketType.ReceiverReport && b < packet.Count; b++)
                    _ = packet.ReportBlock(b);
            }
        }
        Assert.True(accepted > 100);
    }
}
