namespace VoiceGateway.Sip.Tests;

public sealed class CSeqTests
{
    [Theory]
    [InlineData("1 INVITE", 1u, "INVITE")]
    [InlineData("0 ACK", 0u, "ACK")]
    [InlineData("0009 \t FOO", 9u, "FOO")]
    [InlineData("2147483647 BYE", 2147483647u, "BYE")]
    public void TryParse_LegalValue_IsRead(string text, uint number, string method)
    {
        Assert.True(CSeq.TryParse(text, out var cseq));
        Assert.Equal(new CSeq(number, method), cseq);
        Assert.True(CSeq.TryParse(cseq.ToString(), out var again));
        Assert.Equal(cseq, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("INVITE")]
    [InlineData("1INVITE")]
    [InlineData("2147483648 BYE")]
    [InlineData("36893488147419103232 BYE")]
    [InlineData("-1 BYE")]
    [InlineData("1 B YE")]
    [InlineData("1 BYE;x")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(CSeq.TryParse(text, out _));
}
