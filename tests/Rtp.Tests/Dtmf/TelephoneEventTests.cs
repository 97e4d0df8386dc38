namespace VoiceGateway.Rtp.Tests.Dtmf;

public class TelephoneEventTests
{
    [Fact]
    public void Write_KnownFields_GivesTheBytesOfRfc4733()
    {
        var bytes = new byte[4];
        new TelephoneEvent(11, IsEnd: true, Volume: 10, Duration: 0x0320).Write(bytes);

        Assert.Equal(Convert.FromHexString("0B8A0320"), bytes);
        Assert.True(TelephoneEvent.TryParse(bytes, out var parsed));
        Assert.Equal(new TelephoneEvent(11, true, 10, 800), parsed);
        Assert.Equal('#', parsed.Digit);
    }

    [Fact]
    public void TryParse_ShortPayload_ReturnsFalse() => Assert.False(TelephoneEvent.TryParse([1, 2, 3], out _));

    [Fact]
    public void Digit_EveryDtmfCode_RoundTrips()
    {
        foreach (var digit in "0123456789*#ABCD")
        {
            Assert.True(TelephoneEvent.TryGetCode(digit, out var code));
            Assert.Equal(digit, new TelephoneEvent(code, false, 0, 0).Digit);
        }
        Assert.True(TelephoneEvent.TryGetCode('d', out var lower));
        Assert.Equal(15, lower);
    }

    [Theory]
    [InlineData('E')]
    [InlineData(' ')]
    [InlineData('\0')]
    public void TryGetCode_NoDigit_ReturnsFalse(char digit) => Assert.False(TelephoneEvent.TryGetCode(digit, out _));

    [Fact]
    public void Digit_FlashAndFaxTones_AreNone()
    {
        Assert.Null(new TelephoneEvent(16, false, 0, 0).Digit);
        Assert.Null(new TelephoneEvent(36, false, 0, 0).Digit);
    }
}
