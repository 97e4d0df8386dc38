using System.Buffers.Binary;

namespace VoiceGateway.Rtp.Tests.Srtp;

public sealed class SrtpReceiverTests
{
    private static readonly byte[] Report = Convert.FromHexString("80C900011122334481CA0002112233440102686900000000");

    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void OpenRtp_AnyPacket_IsWhatWasSentAndOnlyTheHeadWasReadable(string suite)
    {
        using var pair = new SrtpPair(SrtpSuite.Find(suite)!);
        var random = new Random(1);
        for (var sequence = 1; sequence <= 300; sequence++)
        {
            var rtp = SrtpPair.AnyRtp(random, sequence);
            var srtp = pair.Protect(rtp);
            var payloadAt = SrtpHeader.PayloadAt(rtp);
            Assert.Equal(rtp.Length + pair.Key.Suite.TagLength, srtp.Length);
            Assert.Equal(rtp[..payloadAt], srtp[..payloadAt]);
            if (rtp.Length - payloadAt >= 16)
                Assert.NotEqual(rtp[payloadAt..], srtp[payloadAt..rtp.Length]);
            Assert.Equal(SrtpVerdict.Opened, pair.Open(srtp, out var opened));
            Assert.Equal(rtp, opened);
        }
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void OpenRtp_OneBitChanged_IsRefusedAndLeftAsItIs(string suite)
    {
        using var pair = new SrtpPair(SrtpSuite.Find(suite)!);
        var srtp = pair.Protect(Packet.Bytes(1, length: 20));
        for (var bit = 0; bit < srtp.Length * 8; bit++)
        {
            var changed = (byte[])srtp.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SrtpVerdict.Opened, pair.Open(changed, out var left));
            Assert.Equal(changed, left);
        }
        for (var length = 0; length < srtp.Length; length++)
            Assert.NotEqual(SrtpVerdict.Opened, pair.Open(srtp[..length], out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(srtp, out _));
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void OpenRtcp_Compounds_AreWhatWasSentOnceEach(string suite)
    {
        using var pair = new SrtpPair(SrtpSuite.Find(suite)!);
        for (var i = 0; i < 5; i++)
        {
            var srtcp = pair.ProtectRtcp(Report);
            Assert.Equal(Report[..8], srtcp[..8]);
            Assert.Equal(Report.Length + 4 + pair.Key.Suite.RtcpTagLength, srtcp.Length);
            for (var bit = 0; bit < srtcp.Length * 8; bit++)
            {
                var changed = (byte[])srtcp.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(SrtpVerdict.Opened, pair.OpenRtcp(changed, out var left));
                Assert.Equal(changed, left);
            }
            Assert.Equal(SrtpVerdict.Opened, pair.OpenRtcp(srtcp, out var opened));
            Assert.Equal(Report, opened);
            Assert.Equal(SrtpVerdict.Replayed, pair.OpenRtcp(srtcp, out _));
        }
        Assert.Equal(SrtpVerdict.Malformed, pair.OpenRtcp(Report[..8], out _));
        Assert.Equal(SrtpVerdict.Unauthentic, pair.OpenRtcp([.. Report, .. Report[..8]], out _));
    }

    [Fact]
    public void OpenRtp_ThreeTimesAroundWithLossAndReordering_OpensAll()
    {
        using var pair = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        var random = new Random(3);
        const int Together = ReplayWindow.Length / 2;
        for (var i = 0; i < 200_000; i += Together)
        {
            var packets = Enumerable.Range(i, Together).Select(n => pair.Protect(Packet.Bytes((ushort)(30_000 + n), length: 1))).ToArray();
            random.Shuffle(packets);
            foreach (var srtp in packets.Skip(random.Next(Together)))
                Assert.Equal(SrtpVerdict.Opened, pair.Open(srtp, out _));
        }
    }

    [Fact]
    public void OpenRtp_TwiceOrFarTooLate_IsReplayed()
    {
        using var pair = new SrtpPair(SrtpSuite.AesGcm128);
        var all = Enumerable.Range(1, 400).Select(i => pair.Protect(Packet.Bytes(i))).ToArray();
        foreach (var i in new[] { 0, 1, 3, 2, 199 })
            Assert.Equal(SrtpVerdict.Opened, pair.Open(all[i], out _));

        foreach (var i in new[] { 0, 1, 2, 3, 199, 50, 199 - ReplayWindow.Length })
            Assert.Equal(SrtpVerdict.Replayed, pair.Open(all[i], out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(all[200 - ReplayWindow.Length], out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(all[399], out _));
    }

    // RFC 3711 3.3: nothing is noted of a packet that is not proven.
    [Fact]
    public void OpenRtp_ForgedAhead_DoesNotMoveTheWindow()
    {
        using var pair = new SrtpPair(SrtpSuite.AesCm128Sha1Tag32);
        Assert.Equal(SrtpVerdict.Opened, pair.Open(pair.Protect(Packet.Bytes(1)), out _));
        for (var sequence = 2; sequence < 60_000; sequence += 1000)
            Assert.Equal(SrtpVerdict.Unauthentic, pair.Open(Packet.Bytes(sequence), out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(pair.Protect(Packet.Bytes(2)), out _));
    }

    [Fact]
    public void OpenRtp_NewSsrcs_EachHasItsOwnSequence()
    {
        using var pair = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        using var another = new SrtpSender(pair.Key);
        var first = pair.Protect(Packet.Bytes(500, ssrc: 1));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(first, out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(SrtpPair.Protect(another, Packet.Bytes(20, ssrc: 2)), out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(pair.Protect(Packet.Bytes(501, ssrc: 1)), out _));
        Assert.Equal(SrtpVerdict.Replayed, pair.Open(first, out _));
    }

    [Fact]
    public void OpenRtp_ManySsrcs_KeepsThoseThatAreHeard()
    {
        using var pair = new SrtpPair(SrtpSuite.AesGcm128);
        var kept = pair.Protect(Packet.Bytes(1, ssrc: 1));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(kept, out _));
        for (var i = 2; i < 100; i++)
        {
            using var another = new SrtpSender(pair.Key);
            Assert.Equal(SrtpVerdict.Opened, pair.Open(SrtpPair.Protect(another, Packet.Bytes(7, ssrc: (uint)i + 1)), out _));
            Assert.Equal(SrtpVerdict.Opened, pair.Open(pair.Protect(Packet.Bytes(i, ssrc: 1)), out _));
        }
        Assert.Equal(SrtpVerdict.Replayed, pair.Open(kept, out _));
    }

    // A sender that does not begin in the lower half of the sequence, and whose first packets are lost.
    [Fact]
    public void OpenRtp_FirstHeardAfterTheWrap_IsOpened()
    {
        using var pair = new SrtpPair(SrtpSuite.AesCm128Sha1Tag80);
        foreach (var sequence in new[] { 65_534, 65_535 })
            pair.Protect(Packet.Bytes(sequence));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(pair.Protect(Packet.Bytes(0)), out _));
        Assert.Equal(SrtpVerdict.Opened, pair.Open(pair.Protect(Packet.Bytes(1)), out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Follow_AnotherKeyAfterTheWrap_OpensWhetherTheRollOverCounterGoesOnOrNot(bool goesOn)
    {
        var suite = SrtpSuite.AesCm256Sha1Tag80;
        using var before = new SrtpPair(suite);
        for (var sequence = 60_000; sequence < 70_000; sequence++)
            Assert.Equal(SrtpVerdict.Opened, before.Open(before.Protect(Packet.Bytes((ushort)sequence, length: 1)), out _));

        using var after = new SrtpPair(suite);
        after.Receiver.Follow(before.Receiver);
        // Half a turn earlier it was there, before the wrap.
        if (goesOn)
            after.Protect(Packet.Bytes(60_000));
        for (var sequence = 4464; sequence < 4600; sequence++)
            Assert.Equal(SrtpVerdict.Opened, after.Open(after.Protect(Packet.Bytes(sequence)), out _));
        Assert.Equal(SrtpVerdict.Unauthentic, after.Open(before.Protect(Packet.Bytes(4600)), out _));
    }

    // RFC 3711 3.3.1 and 3.3.2: the sequence wrapped three times under the other key; what was here under this one was here.
    [Fact]
    public void Follow_FirstKeyAgainAfterWrapsUnderAnother_OpensWhatIsNewAndNothingElse()
    {
        var suite = SrtpSuite.AesCm128Sha1Tag80;
        using var first = new SrtpPair(suite);
        using var other = new SrtpPair(suite);
        var heard = first.Protect(Packet.Bytes(65_500));
        Assert.Equal(SrtpVerdict.Opened, first.Open(heard, out _));

        other.Receiver.Follow(first.Receiver);
        other.Protect(Packet.Bytes(65_500));
        for (var sequence = 85_500; sequence <= 225_500; sequence += 20_000)
        {
            Assert.Equal(SrtpVerdict.Opened, other.Open(other.Protect(Packet.Bytes((ushort)sequence)), out _));
            first.Protect(Packet.Bytes((ushort)sequence));
        }

        first.Receiver.Follow(other.Receiver);
        Assert.False(first.Receiver.HasOpened);
        Assert.Equal(SrtpVerdict.Replayed, first.Open(heard, out _));
        var later = first.Protect(Packet.Bytes(225_501));
        Assert.Equal(SrtpVerdict.Opened, first.Open(later, out _));
        Assert.True(first.Receiver.HasOpened);
        Assert.Equal(SrtpVerdict.Replayed, first.Open(later, out _));
        Assert.Equal(SrtpVerdict.Replayed, first.Open(heard, out _));
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void OpenRtp_MasterKeyIdentifiers_SayWhichKeyItIs(string name)
    {
        var suite = SrtpSuite.Find(name)!;
        var keys = new[] { 1, 2 }.Select(mki => new SrtpMasterKey(suite, SrtpPair.RandomKey(suite), [0, (byte)mki])).ToArray();
        using var receiver = new SrtpReceiver(keys);
        foreach (var (key, mki, sequence) in new[] { (keys[0], 1, 1), (keys[1], 2, 1), (keys[1], 2, 2), (keys[0], 1, 3) })
        {
            using var sender = new SrtpSender(key);
            var ssrc = (uint)(mki * 100) + (uint)sequence;
            var rtp = Packet.Bytes(sequence, ssrc: ssrc, length: 30);
            Assert.Equal(SrtpVerdict.Opened, SrtpPair.Open(receiver, WithMki(SrtpPair.Protect(sender, rtp), suite.IsAead ? 0 : suite.TagLength, mki), out var opened));
            Assert.Equal(rtp, opened);

            var report = (byte[])Report.Clone();
            BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), ssrc);
            var buffer = report.Concat(new byte[SrtpCipher.MostAdded]).ToArray();
            var srtcp = WithMki(buffer[..sender.ProtectRtcp(buffer, report.Length)], suite.IsAead ? 0 : suite.RtcpTagLength, mki);
            Assert.Equal(SrtpVerdict.Opened, receiver.OpenRtcp(srtcp, out var length));
            Assert.Equal(report, srtcp[..length]);
        }
        using var unknown = new SrtpSender(keys[0]);
        var srtp = SrtpPair.Protect(unknown, Packet.Bytes(9));
        Assert.Equal(SrtpVerdict.Unauthentic, SrtpPair.Open(receiver, WithMki(srtp, suite.IsAead ? 0 : suite.TagLength, 3), out _));
        Assert.Equal(SrtpVerdict.Unauthentic, SrtpPair.Open(receiver, srtp, out _));
    }

    // A re-INVITE may bring another key under the identifier of the one before.
    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void Open_UnderAnotherKeyOfTheSameIdentifier_LeavesThePacketAsItWas(string name)
    {
        var suite = SrtpSuite.Find(name)!;
        var keys = new[] { 1, 2 }.Select(_ => new SrtpMasterKey(suite, SrtpPair.RandomKey(suite), [0, 1])).ToArray();
        using var previous = new SrtpReceiver([keys[0]]);
        using var present = new SrtpReceiver([keys[1]]);
        using var sender = new SrtpSender(keys[0]);

        var rtp = Packet.Bytes(1, length: 30);
        var srtp = WithMki(SrtpPair.Protect(sender, rtp), suite.IsAead ? 0 : suite.TagLength, 1);
        Assert.Equal(SrtpVerdict.Unauthentic, SrtpPair.Open(present, srtp, out var left));
        Assert.Equal(srtp, left);
        Assert.Equal(SrtpVerdict.Opened, SrtpPair.Open(previous, left, out var opened));
        Assert.Equal(rtp, opened);
        Assert.Equal(SrtpVerdict.Replayed, SrtpPair.Open(previous, srtp, out left));
        Assert.Equal(srtp, left);

        var buffer = Report.Concat(new byte[SrtpCipher.MostAdded]).ToArray();
        var srtcp = WithMki(buffer[..sender.ProtectRtcp(buffer, Report.Length)], suite.IsAead ? 0 : suite.RtcpTagLength, 1);
        left = (byte[])srtcp.Clone();
        Assert.Equal(SrtpVerdict.Unauthentic, present.OpenRtcp(left, out _));
        Assert.Equal(srtcp, left);
        Assert.Equal(SrtpVerdict.Opened, previous.OpenRtcp(left, out var length));
        Assert.Equal(Report, left[..length]);
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void Open_Junk_IsRefusedWithoutAnException(string name)
    {
        var suite = SrtpSuite.Find(name)!;
        using var pair = new SrtpPair(suite);
        using var withMki = new SrtpReceiver([new SrtpMasterKey(suite, SrtpPair.RandomKey(suite), [1, 2, 3, 4])]);
        var random = new Random(5);
        for (var i = 0; i < 3000; i++)
        {
            var junk = new byte[random.Next(0, i % 10 == 0 ? DatagramBatch.MaxDatagramLength + 1 : 80)];
            random.NextBytes(junk);
            if (junk.Length > 0)
                junk[0] = (byte)((junk[0] & 0x3F) | 0x80);
            foreach (var receiver in new[] { pair.Receiver, withMki })
            {
                Assert.NotEqual(SrtpVerdict.Opened, receiver.OpenRtp((byte[])junk.Clone(), out _));
                Assert.NotEqual(SrtpVerdict.Opened, receiver.OpenRtcp((byte[])junk.Clone(), out _));
            }
        }
    }

    // Alone on its thread: every byte counted is one of these calls'.
    [Theory]
    [MemberData(nameof(SrtpPair.Suites), MemberType = typeof(SrtpPair))]
    public void ProtectAndOpen_WarmedUp_AllocateNothing(string name)
    {
        using var pair = new SrtpPair(SrtpSuite.Find(name)!);
        var rtp = Packet.Bytes(1, length: 160);
        var buffer = new byte[rtp.Length + SrtpCipher.MostAdded];
        var refused = new byte[buffer.Length];
        var report = new byte[Report.Length + SrtpCipher.MostAdded];
        ushort sequence = 0;
        void Once()
        {
            rtp.CopyTo(buffer, 0);
            BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), ++sequence);
            var length = pair.Sender.ProtectRtp(buffer, rtp.Length);
            buffer.CopyTo(refused, 0);
            refused[20] ^= 1;
            if (pair.Receiver.OpenRtp(refused.AsSpan(0, length), out _) == SrtpVerdict.Opened || pair.Receiver.OpenRtp(buffer.AsSpan(0, length), out _) != SrtpVerdict.Opened)
                throw new InvalidOperationException("not as it should be");
            Report.CopyTo(report, 0);
            length = pair.Sender.ProtectRtcp(report, Report.Length);
            if (pair.Receiver.OpenRtcp(report.AsSpan(0, length), out _) != SrtpVerdict.Opened)
                throw new InvalidOperationException("not as it should be");
        }

        for (var i = 0; i < 100; i++)
            Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
            Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] WithMki(byte[] packet, int behind, int mki) => [.. packet[..^behind], 0, (byte)mki, .. packet[^behind..]];
}
