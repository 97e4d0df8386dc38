using VoiceGateway.Signalling;

namespace VoiceGateway.Tests.Signalling;

public sealed class TransferTargetTests
{
    [Theory]
    [InlineData("200", "200")]
    [InlineData(" +49 (30) 123-45/67 ", "+49301234567")]
    [InlineData("tel:+49-30-123", "+4930123")]
    [InlineData("*21#", "*21#")]
    [InlineData("front-desk", "front-desk")]
    [InlineData("sales@example.com", "sip:sales@example.com")]
    [InlineData("SIP:sales@example.com;transport=tcp", "sip:sales@example.com;transport=tcp")]
    [InlineData("sips:sales@example.com", "sips:sales@example.com")]
    public void Parse_OneSpelling(string written, string text) => Assert.Equal(text, TransferTarget.Parse(written)!.Text);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("+")]
    [InlineData("the boss")]
    [InlineData("200;user=phone")]
    [InlineData("sip:")]
    [InlineData("sip:200@pbx?Replaces=abc")]
    [InlineData("sip:200@pbx;method=BYE")]
    [InlineData("sip:200:secret@pbx")]
    [InlineData("http://example.com/")]
    [InlineData("sip:200@pbx\r\nX: y")]
    public void Parse_NobodyOrMore_IsNull(string? written) => Assert.Null(TransferTarget.Parse(written));

    [Theory]
    [InlineData("+4930123", "+4930*", true)]
    [InlineData("+4930123", "+49 (30)*", true)]
    [InlineData("+4931123", "+4930*", false)]
    [InlineData("200", "200", true)]
    [InlineData("2000", "200", false)]
    [InlineData("200", "2*", true)]
    [InlineData("sip:200@elsewhere.example", "2*", false)]
    [InlineData("sip:200@elsewhere.example", "200", false)]
    [InlineData("sales@EXAMPLE.com", "sip:sales@example.com", true)]
    [InlineData("anybody@example.com", "*", true)]
    public void Matches_Pattern_LikeARoute(string target, string pattern, bool matches) =>
        Assert.Equal(matches, TransferTarget.Parse(target)!.Matches(pattern));
}
