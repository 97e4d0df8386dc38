namespace VoiceGateway.Sip.Tests.Authentication;

/// <summary>RFC 9110 section 11.6.1: a list of challenges whose elements are lists themselves.</summary>
public class AuthenticationFieldsTests
{
    [Theory]
    [InlineData("Digest realm=\"a\", nonce=\"x\"", "a x")]
    [InlineData("digest realm = \"a\" ,nonce= \"x\"", "a x")]
    [InlineData("Digest realm=\"a\", nonce=\"x\", Digest realm=\"b\", nonce=\"y\"", "a x|b y")]
    [InlineData("Basic realm=\"b\", Digest realm=\"a\", nonce=\"x\"", "a x")]
    [InlineData("Negotiate, Digest realm=\"a\", nonce=\"x\", Bearer", "a x")]
    [InlineData("Digest realm=\"a, Digest realm=\\\"b\\\"\", nonce=\"x\"", "a, Digest realm=\"b\" x")]
    [InlineData("Digest realm=\"a\", nonce=\"x\", qop=\"auth,auth-int\", algorithm=MD5", "a x")]
    [InlineData("Digest realm=\"a\",, nonce=\"x\",", "a x")]
    [InlineData("Digest realm=a, nonce=x", "a x")] // no quotes, which the grammar wants
    [InlineData("Digest realm=\"a\"", "")] // no nonce
    [InlineData("Digest realm=\"a\", nonce=\"x\", nonce=\"y\"", "")] // which of them?
    [InlineData("Digest realm=\"a\", nonce=\"x", "")]
    [InlineData("Digest realm=\"a\", nonce=\"x\"y", "")]
    [InlineData("realm=\"a\", nonce=\"x\"", "")]
    [InlineData("Digest", "")]
    [InlineData(",,,", "")]
    [InlineData("Digest =, \"\"=\"", "")]
    public void Challenges_OfALine_AreRead(string line, string expected) => Assert.Equal(expected, Read(line));

    [Fact]
    public void Challenges_OfSeveralLines_AreOneList() =>
        Assert.Equal("a x|b y", Read("Digest realm=\"a\", nonce=\"x\"", "Digest realm=\"b\", nonce=\"y\""));

    [Fact]
    public void Challenges_WithoutEnd_AreBounded()
    {
        var fields = Read(string.Join(", ", Enumerable.Range(0, 500).Select(i => $"Digest realm=\"r{i}\", nonce=\"n\"")));
        Assert.Equal(16, fields.Split('|').Length);
        Assert.Equal("", Read("Digest realm=\"a\", nonce=\"x\", " + string.Join(", ", Enumerable.Range(0, 500).Select(i => $"p{i}=1"))));
    }

    private static string Read(params string[] lines)
    {
        var headers = new SipHeaders();
        foreach (var line in lines)
            headers.Add(SipHeaderNames.WwwAuthenticate, line);
        return string.Join('|', AuthenticationFields.ReadDigests(headers, SipHeaderNames.WwwAuthenticate).Select(fields => $"{fields["realm"]} {fields["nonce"]}"));
    }
}
