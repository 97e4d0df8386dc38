namespace VoiceGateway.Sip.Tests.Authentication;

/// <summary>The examples that the RFCs print.</summary>
public class DigestHashTests
{
    private const string Nonce7616 = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private const string ClientNonce7616 = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    [Theory]
    [InlineData(DigestAlgorithm.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData(DigestAlgorithm.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Response_OfRfc7616Section391_IsAsPrinted(DigestAlgorithm algorithm, string response)
    {
        var use = new DigestUse("auth", "00000001", ClientNonce7616);
        Assert.Equal(response, DigestHash.Response(
            algorithm, new SipCredentials("Mufasa", "Circle of Life"), "http-auth@example.org", Nonce7616, use, "GET", "/dir/index.html", default));
    }

    [Fact]
    public void Response_OfRfc2617Section35_IsAsPrinted()
    {
        var use = new DigestUse("auth", "00000001", "0a4f113b");
        Assert.Equal("6629fae49393a05397450978507c4ef1", DigestHash.Response(
            DigestAlgorithm.Md5, new SipCredentials("Mufasa", "Circle Of Life"), "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", use, "GET", "/dir/index.html", default));
    }

    /// <summary>RFC 2069 section 2.4, as its erratum 749 corrects it: no qop, no count.</summary>
    [Fact]
    public void Response_OfRfc2069_IsAsCorrected() =>
        Assert.Equal("1949323746fe6a43ef61f9606e7febea", DigestHash.Response(
            DigestAlgorithm.Md5, new SipCredentials("Mufasa", "CircleOfLife"), "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", null, "GET", "/dir/index.html", default));

    [Fact]
    public void Response_WithAuthInt_CoversTheBody()
    {
        var use = new DigestUse("auth-int", "00000001", "c");
        string Of(string body) => DigestHash.Response(
            DigestAlgorithm.Sha256, new SipCredentials("u", "p"), "r", "n", use, "INVITE", "sip:b@h", System.Text.Encoding.UTF8.GetBytes(body));
        Assert.NotEqual(Of("one"), Of("two"));
    }

    [Theory]
    [InlineData(null, DigestAlgorithm.Md5)]
    [InlineData("md5", DigestAlgorithm.Md5)]
    [InlineData("SHA-256", DigestAlgorithm.Sha256)]
    [InlineData("SHA-512-256", null)]
    [InlineData("MD5-sess", null)]
    public void Algorithm_ByName_IsFoundOrNot(string? name, DigestAlgorithm? algorithm) => Assert.Equal(algorithm, DigestHash.Find(name));
}
