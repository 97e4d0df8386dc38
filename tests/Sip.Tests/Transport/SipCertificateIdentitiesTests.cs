using System.Net;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>RFC 5922 section 7.</summary>
public sealed class SipCertificateIdentitiesTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Of_AlternativeNames_UrisBeforeAndBesideDns()
    {
        var certificate = _certificates.Issue(san =>
        {
            san.AddUri(new Uri("sip:example.com"));
            san.AddUri(new Uri("sip:bob@users.example.com")); // a user is no domain
            san.AddUri(new Uri("https://web.example.com"));
            san.AddUri(new Uri("sips:secure.example.com")); // section 7.1: sip only
            san.AddDnsName("sip.example.com");
            san.AddEmailAddress("bob@mail.example.com");
            san.AddIpAddress(IPAddress.Parse("2001:db8::1"));
        });
        Assert.Equal(["example.com", "sip.example.com", "2001:db8::1"], SipCertificateIdentities.Of(certificate).OrderBy(name => name.Length == 11 ? name.Contains(':') ? 2 : 0 : 1));
    }

    [Fact]
    public void Of_CommonName_OnlyWithoutAlternativeNames()
    {
        Assert.Equal(["old.example.com"], SipCertificateIdentities.Of(_certificates.Issue(subject: "CN=old.example.com, O=Old")));
        Assert.Equal(["new.example.com"], SipCertificateIdentities.Of(_certificates.Issue(san => san.AddDnsName("new.example.com"), "CN=old.example.com")));
    }

    [Theory]
    [InlineData("example.com", false, true)]
    [InlineData("EXAMPLE.com.", false, true)]
    [InlineData("sip.example.com", false, false)] // no suffix matching
    [InlineData("a.w.example.com", false, false)]
    [InlineData("a.w.example.com", true, true)]
    [InlineData("w.example.com", true, false)]
    [InlineData("192.0.2.4", true, true)]
    [InlineData("192.0.2.5", true, false)]
    public void Covers_TheWholeNameOnly(string domain, bool allowWildcards, bool expected)
    {
        var certificate = _certificates.Issue(san =>
        {
            san.AddDnsName("example.com");
            san.AddDnsName("*.w.example.com");
            san.AddIpAddress(IPAddress.Parse("192.0.2.4"));
        });
        Assert.Equal(expected, SipCertificateIdentities.Covers(certificate, domain, allowWildcards));
    }
}
