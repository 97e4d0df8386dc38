namespace VoiceGateway.Rtp.Tests.Srtp;

/// <summary>The vectors of the RFCs, digit for digit.</summary>
public sealed class SrtpVectorTests
{
    private const string Salt = "F0F1F2F3F4F5F6F7F8F9FAFBFCFD";

    // RFC 7714 16.1 and 17: the same salt everywhere, keys that count up.
    private const string GcmSalt = "517569642070726F2071756F";
    private const string RtpHeader = "8040F17B8041F8D35501A0B2";
    private const string RtpText = "47616C6C696120657374206F6D6E69732064697669736120696E207061727465732074726573";
    private const string Rtcp = "81C8000D4D6172734E5450314E545032525450200000042A0000E9304C756E61DEADBEEFDEADBEEFDEADBEEFDEADBEEFDEADBEEF";

    [Theory]
    // RFC 3711 B.2
    [InlineData(
        "2B7E151628AED2A6ABF7158809CF4F3C",
        "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0")]
    // RFC 6188 7.1
    [InlineData(
        "57F82FE3613FD170A85EC93C40B1F0922EC4CB0DC025B58272147CC438944A98",
        "92BDD28A93C3F52511C677D08B5515A49DA71B2378A854F67050756DED165BAC63C4868B7096D88421B563B8C94C9A31")]
    public void CounterMode_IndexAndSsrcZero_GivesTheKeystream(string key, string keystream)
    {
        using var mode = new SaltedCounterMode(Hex(key), Hex(Salt));
        var data = new byte[keystream.Length / 2];
        mode.Apply(data, ssrc: 0, index: 0);

        Assert.Equal(keystream, Convert.ToHexString(data));
    }

    // RFC 3711 B.3 and RFC 6188 7.2.
    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80", "E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6", 0, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData("AES_CM_128_HMAC_SHA1_80", "E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6", 2, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData(
        "AES_CM_128_HMAC_SHA1_80", "E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6", 1, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCE")]
    [InlineData(
        "AES_256_CM_HMAC_SHA1_80", "F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B63B04803DE51EE7C96423AB5B78D2", 0,
        "5BA1064E30EC51613CAD926C5A28EF731EC7FB397F70A960653CAF06554CD8C4")]
    [InlineData(
        "AES_256_CM_HMAC_SHA1_80", "F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B63B04803DE51EE7C96423AB5B78D2", 2, "FA31791685CA444A9E07C6C64E93")]
    [InlineData(
        "AES_256_CM_HMAC_SHA1_80", "F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B63B04803DE51EE7C96423AB5B78D2", 1,
        "FD9C32D39ED5FBB5A9DC96B30818454D1313DC05")]
    public void KeyDerivation_EachLabel_GivesTheSessionKey(string suite, string keyAndSalt, byte label, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(SrtpKeyDerivation.Derive(new SrtpMasterKey(SrtpSuite.Find(suite)!, Hex(keyAndSalt)), label, expected.Length / 2)));

    [Theory]
    [InlineData(16, "F24DE3A3FB34DE6CACBA861C9D7E4BCABE633BD50D294E6F42A5F47A51C7D19B36DE3ADF8833", "899D7F27BEB16A9152CF765EE4390CCE")]
    [InlineData(32, "32B1DE78A822FE12EF9F78FA332E33AAB18012389A58E2F3B50B2A0276FFAE0F1BA63799B87B", "7AA3DB36DFFFD6B0F9BB7878D7A76C13")]
    public void Gcm_Srtp_IsEncryptedAndTaggedAndOpenedAgain(int keyLength, string text, string tag)
    {
        using var cipher = Cipher(keyLength);
        var plain = Hex(RtpHeader + RtpText);
        var packet = plain.Concat(new byte[SrtpCipher.MostAdded]).ToArray();
        var length = cipher.ProtectRtp(packet, RtpPacket.HeaderLength, plain.Length, index: 0xF17B);

        Assert.Equal(RtpHeader + text + tag, Convert.ToHexString(packet.AsSpan(0, length)));
        Assert.True(cipher.TryUnprotectRtp(packet.AsSpan(0, length), RtpPacket.HeaderLength, 0xF17B, out var opened));
        Assert.Equal(plain, packet[..opened]);
    }

    [Theory]
    [InlineData(
        16, "63E94885DCDAB67CA727D7662F6B7E997FF5C0F76C06F32DC676A5F1730D6FDA4CE09B4686303DED0BB9275BC84AA45896CF4D2FC5ABF87245D9EADE")]
    [InlineData(
        32, "D50AE4D1F5CE5D304BA297E47D470C282C3ECE5DBFFE0A50A2EAA5C1110555BE8415F658C61DE0476F1B6FAD1D1EB30C4446839F57FF6F6CB26AC3BE")]
    public void Gcm_Srtcp_IsEncryptedAndTaggedAndOpenedAgain(int keyLength, string textAndTag)
    {
        using var cipher = Cipher(keyLength);
        var plain = Hex(Rtcp);
        var packet = plain.Concat(new byte[SrtpCipher.MostAdded]).ToArray();
        var length = cipher.ProtectRtcp(packet, plain.Length, index: 0x5D4);

        Assert.Equal(Rtcp[..16] + textAndTag + "800005D4", Convert.ToHexString(packet.AsSpan(0, length)));
        Assert.True(cipher.TryUnprotectRtcp(packet.AsSpan(0, length), out var opened));
        Assert.Equal(plain, packet[..opened]);
    }

    // RFC 7714 17.3: proven, and in the clear.
    [Fact]
    public void Gcm_SrtcpInTheClear_IsProven()
    {
        using var cipher = Cipher(16);
        var packet = Hex(Rtcp + "841DD9683DD78EC92AE58790125F62B3" + "000005D4");
        Assert.True(cipher.TryUnprotectRtcp(packet, out var opened));
        Assert.Equal(Hex(Rtcp), packet[..opened]);

        packet[20] ^= 1;
        Assert.False(cipher.TryUnprotectRtcp(packet, out _));
    }

    private static SrtpGcmCipher Cipher(int keyLength) => new(CountingKey(keyLength), Hex(GcmSalt), CountingKey(keyLength), Hex(GcmSalt));

    private static byte[] CountingKey(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)i)];

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}
