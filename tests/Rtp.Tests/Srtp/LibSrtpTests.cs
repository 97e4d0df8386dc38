using System.Buffers.Binary;

namespace VoiceGateway.Rtp.Tests.Srtp;

/// <summary>Against the reference implementation: what one protects, the other opens, and it is the same byte for byte.</summary>
public sealed class LibSrtpTests
{
    // Beyond the wrap of the sequence, from the lower half as it wants it.
    private const int First = 32_000;
    private const int Packets = 40_000;

    [SkippableTheory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void Srtp_BothWaysAcrossTheWrap_IsTheSameByteForByte(string name)
    {
        LibSrtp.Require();
        var suite = SrtpSuite.Find(name)!;
        var key = SrtpPair.RandomKey(suite);
        using var ours = new SrtpPair(suite, key);
        using var theirSender = new LibSrtp(suite, key, sends: true);
        using var theirReceiver = new LibSrtp(suite, key, sends: false);
        var random = new Random(7);
        for (var i = 0; i < Packets; i++)
        {
            // Every packet counts for the roll-over counter, every tenth is looked at closely.
            var rtp = i % 10 == 0 ? SrtpPair.AnyRtp(random, (ushort)(First + i)) : Packet.Bytes((ushort)(First + i), length: 3);
            var srtp = ours.Protect(rtp);
            Assert.Equal(theirSender.Protect(rtp), srtp);
            Assert.Equal(rtp, theirReceiver.Unprotect(srtp, out _));
            Assert.Equal(SrtpVerdict.Opened, ours.Open(srtp, out var opened));
            Assert.Equal(rtp, opened);
            if (i % 1000 != 0)
                continue;
            Assert.Null(theirReceiver.Unprotect(srtp, out var status));
            Assert.Equal((LibSrtp.Replayed, SrtpVerdict.Replayed), (status, ours.Open(srtp, out _)));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void Srtcp_BothWays_IsOpened(string name)
    {
        LibSrtp.Require();
        var suite = SrtpSuite.Find(name)!;
        var key = SrtpPair.RandomKey(suite);
        using var ours = new SrtpPair(suite, key);
        using var theirSender = new LibSrtp(suite, key, sends: true);
        using var theirReceiver = new LibSrtp(suite, key, sends: false);
        var random = new Random(8);
        for (var i = 0; i < 200; i++)
        {
            var rtcp = new byte[8 + (random.Next(0, 30) * 4)];
            random.NextBytes(rtcp);
            (rtcp[0], rtcp[1]) = (0x80, 201);
            BinaryPrimitives.WriteUInt32BigEndian(rtcp.AsSpan(4), Packet.Ssrc);
            Assert.Equal(SrtpVerdict.Opened, ours.OpenRtcp(theirSender.ProtectRtcp(rtcp), out var opened));
            Assert.Equal(rtcp, opened);
            var srtcp = ours.ProtectRtcp(rtcp);
            Assert.Equal(rtcp, theirReceiver.UnprotectRtcp(srtcp, out _));
            srtcp[^1] ^= 1;
            Assert.Null(theirReceiver.UnprotectRtcp(srtcp, out var status));
            Assert.True(status is LibSrtp.AuthenticationFailed or LibSrtp.Replayed, $"status {status}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void Srtp_WithAMasterKeyIdentifier_IsOpened(string name)
    {
        LibSrtp.Require();
        var suite = SrtpSuite.Find(name)!;
        var key = SrtpPair.RandomKey(suite);
        byte[] mki = [0, 0, 1, 7];
        using var receiver = new SrtpReceiver([new SrtpMasterKey(suite, key, mki)]);
        using var sender = new LibSrtp(suite, key, sends: true, mki);
        for (var i = 1; i <= 20; i++)
        {
            var rtp = Packet.Bytes(i, length: i * 7);
            var srtp = sender.Protect(rtp);
            Assert.Equal(rtp.Length + suite.TagLength + mki.Length, srtp.Length);
            Assert.Equal(SrtpVerdict.Opened, SrtpPair.Open(receiver, srtp, out var opened));
            Assert.Equal(rtp, opened);

            var report = Convert.FromHexString("80C9000111223344");
            var srtcp = sender.ProtectRtcp(report);
            Assert.Equal(SrtpVerdict.Opened, receiver.OpenRtcp(srtcp, out var length));
            Assert.Equal(report, srtcp[..length]);
        }
    }
}
