using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class SdpCryptoTests
{
    // RFC 4568 section 4.1 and 9.1: the keys of its examples.
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Head = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 RTP/SAVP 0\na=";

    [Fact]
    public void Read_ExampleOfTheRfc_HasAllItsParts()
    {
        var crypto = Read($"crypto:1 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2^20|2:4 FEC_ORDER=FEC_SRTP")!;

        Assert.Equal((1u, "F8_128_HMAC_SHA1_80"), (crypto.Tag, crypto.Suite));
        Assert.Equal(["FEC_ORDER=FEC_SRTP"], crypto.SessionParameters);
        Assert.Equal(["123456789ABCDE0123456789ABcdef", "ABcdef123456789ABCDE0123456789"], crypto.Keys.Select(static key => Encoding.ASCII.GetString(key.KeyAndSalt)));
        Assert.All(crypto.Keys, static key => Assert.Equal(1ul << 20, key.Lifetime));
        Assert.Equal(new byte[] { 0, 0, 0, 1 }, crypto.Keys[0].Mki);
        Assert.Equal(new byte[] { 0, 0, 0, 2 }, crypto.Keys[1].Mki);
    }

    [Theory]
    [InlineData("|2^31", 1ul << 31, 0)]
    [InlineData("|1048576", 1ul << 20, 0)]
    [InlineData("|2^48|65535:2", 1ul << 48, 2)]
    [InlineData("|1:1", null, 1)]
    [InlineData("|7:128", null, 128)]
    [InlineData("", null, 0)]
    public void Read_LifetimeAndIdentifier_EachMayBeLeftOut(string rest, ulong? lifetime, int mkiLength)
    {
        var key = Assert.Single(Read($"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}{rest}")!.Keys);
        Assert.Equal((lifetime, mkiLength), (key.Lifetime, key.Mki.Length));
        Assert.Equal(30, key.KeyAndSalt.Length);
    }

    [Theory]
    [InlineData("crypto:")]
    [InlineData("crypto:1")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80")]
    [InlineData("crypto:x AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("crypto:1234567890 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 " + Key)]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 uri:" + Key)]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:?" + Key)]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + ";")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|0")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^49")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:4|2^20")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:0")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:129")]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|256:1")]
    public void Read_Malformed_IsCarriedAsAnUnknownAttribute(string line)
    {
        var media = Media(line);
        Assert.Empty(media.Crypto);
        Assert.Equal("crypto", Assert.Single(media.Attributes).Name);
    }

    // Base64 of 46, 28 and 44 bytes ends in "=", which some leave out.
    [Theory]
    [InlineData("AES_256_CM_HMAC_SHA1_80", 46)]
    [InlineData("AEAD_AES_128_GCM", 28)]
    [InlineData("AEAD_AES_256_GCM", 44)]
    public void Read_WithoutPadding_IsTheSameKey(string suite, int length)
    {
        var key = Enumerable.Range(1, length).Select(static i => (byte)i).ToArray();
        var text = Convert.ToBase64String(key);
        Assert.EndsWith("=", text, StringComparison.Ordinal);
        Assert.Equal(key, Read($"crypto:1 {suite} inline:{text.TrimEnd('=')}")!.Keys[0].KeyAndSalt);
        Assert.Equal(key, Read($"crypto:1 {suite} inline:{text}")!.Keys[0].KeyAndSalt);
    }

    [Theory]
    [InlineData("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("crypto:12 AES_CM_128_HMAC_SHA1_32 inline:" + Key + "|1048576|258:4 KDR=0 -FLAG")]
    [InlineData("crypto:1 AEAD_AES_128_GCM inline:" + Key + "|1:1;inline:" + Key + "|2:1")]
    public void Write_WhatWasRead_IsTheSame(string line)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(Head + line + "\n"), out var sdp, out _));
        Assert.Contains($"a={line}\r\n", Encoding.UTF8.GetString(sdp!.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_OfWhatHoldsKeys_DoesNotShowThem()
    {
        var crypto = Read($"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1:4")!;
        var agreed = new NegotiatedAudio(null, null, AudioFormat.Pcmu, null, 20, MediaDirection.SendRecv, OnHold: false)
        {
            Srtp = new NegotiatedSrtp("AES_CM_128_HMAC_SHA1_80", crypto.Keys[0], crypto.Keys),
        };
        foreach (var shown in new[] { $"{crypto}", $"{crypto.Keys[0]}", $"{agreed}", $"{agreed.Srtp}" })
            Assert.DoesNotContain(Key[..8], shown, StringComparison.Ordinal);
        Assert.Contains("AES_CM_128_HMAC_SHA1_80", $"{agreed}", StringComparison.Ordinal);
    }

    private static SdpCrypto? Read(string line) => Assert.Single(Media(line).Crypto);

    private static MediaDescription Media(string line)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(Head + line + "\n"), out var sdp, out var error), error);
        return Assert.Single(sdp!.Media);
    }
}
