namespace VoiceGateway.Rtp.Tests.Packets;

public class RtpPacketTests
{
    [Fact]
    public void Write_ThenParse_GivesTheSame()
    {
        var bytes = Packet.Bytes(0xFFFE, 0xDEADBEEF, payloadType: 101, marker: true, ssrc: 0xCAFEBABE, payload: [1, 2, 3]);

        Assert.Equal(15, bytes.Length);
        var packet = Packet.Parse(bytes);
        Assert.True(packet.Marker);
        Assert.Equal(101, packet.PayloadType);
        Assert.Equal(0xFFFE, packet.SequenceNumber);
        Assert.Equal(0xDEADBEEF, packet.Timestamp);
        Assert.Equal(0xCAFEBABE, packet.Ssrc);
        Assert.Equal([1, 2, 3], packet.Payload.ToArray());
    }

    [Fact]
    public void Write_KnownFields_GivesTheBytesOfRfc3550()
    {
        var bytes = Packet.Bytes(0x1234, 0x01020304, payloadType: 8, marker: true, ssrc: 0x0A0B0C0D, payload: [0xEE]);

        Assert.Equal(Convert.FromHexString("80881234010203040A0B0C0DEE"), bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000000100000002000000")] // 11 bytes
    [InlineData("000000010000000200000003")] // version 0: STUN begins like this
    [InlineData("400000010000000200000003")] // version 1
    [InlineData("C00000010000000200000003")] // version 3
    [InlineData("810000010000000200000003")] // a CSRC that is not there
    [InlineData("8F0000010000000200000003AAAAAAAA")]
    [InlineData("900000010000000200000003BEDE")] // half an extension head
    [InlineData("900000010000000200000003BEDE0001")] // an extension word that is not there
    [InlineData("900000010000000200000003BEDEFFFFAAAAAAAA")]
    [InlineData("A00000010000000200000003")] // padded, without a byte to say how much: the SSRC's last byte must not be taken for it
    [InlineData("A00000010000000200000003AABB00")] // padding 0
    [InlineData("A00000010000000200000003AABB04")] // more padding than payload
    public void TryParse_Malformed_ReturnsFalse(string hex)
    {
        Assert.False(RtpPacket.TryParse(Convert.FromHexString(hex), out _));
    }

    [Fact]
    public void TryParse_CsrcsExtensionAndPadding_LeavesThePayload()
    {
        // P, X, two CSRCs; extension of one word; payload 0102; padding of three.
        var packet = Packet.Parse(Convert.FromHexString("B2000001" + "00000002" + "00000003" + "11111111" + "22222222" + "BEDE0001" + "AABBCCDD" + "0102" + "000003"));

        Assert.Equal(8, packet.CsrcBytes.Length);
        Assert.Equal(0xBEDE, packet.ExtensionProfile);
        Assert.Equal([0xAA, 0xBB, 0xCC, 0xDD], packet.Extension.ToArray());
        Assert.Equal([1, 2], packet.Payload.ToArray());
    }

    [Theory]
    [InlineData("A0000001000000020000000303", false)]
    [InlineData("A0000001000000020000000301", true)] // all padding: an empty payload
    public void TryParse_PaddingOfWholePayload_IsAllowedAndNoMore(string hex, bool valid)
    {
        Assert.Equal(valid, RtpPacket.TryParse(Convert.FromHexString(hex), out var packet));
        Assert.True(packet.Payload.IsEmpty);
    }

    [Fact]
    public void TryParse_EmptyPayload_IsValid()
    {
        Assert.True(Packet.Parse(Packet.Bytes(1, length: 0)).Payload.IsEmpty);
    }

    [Fact]
    public void Write_DestinationTooShort_Throws()
    {
        Assert.Throws<ArgumentException>(() => RtpPacket.Write(new byte[13], 0, false, 0, 0, 0, [1, 2]));
    }

    [Fact]
    public void Write_PayloadTypeOfEightBits_Throws()
    {
        Assert.Throws<ArgumentException>(() => RtpPacket.Write(new byte[12], 128, false, 0, 0, 0, []));
    }

    [Fact]
    public void TryParse_RandomBytes_NeverThrowsAndStaysInside()
    {
        var random = new Random(3550);
        var parsed = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = new byte[random.Next(0, 64)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && i % 2 == 0)
                bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
            if (!RtpPacket.TryParse(bytes, out var packet))
                continue;
            parsed++;
            Assert.True(packet.Payload.Length + packet.CsrcBytes.Length + packet.Extension.Length + RtpPacket.HeaderLength <= bytes.Length);
        }
        Assert.True(parsed > 1000);
    }

    [Fact]
    public void TryParse_EveryPrefixOfAValidPacket_NeverThrows()
    {
        var whole = Convert.FromHexString("B1000001000000020000000311111111BEDE0001AABBCCDD0102000003");
        for (var length = 0; length < whole.Length; length++)
            RtpPacket.TryParse(whole.AsSpan(0, length), out _);
        Assert.True(RtpPacket.TryParse(whole, out _));
    }
}
