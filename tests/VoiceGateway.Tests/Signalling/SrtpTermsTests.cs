using System.Net;
using System.Text;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Signalling;

public sealed class SrtpTermsTests
{
    private static readonly LocalAudio Local = new(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711);

    [Fact]
    public void ApplyTo_WithoutATrunk_IsOptionalAndOffersKeysOverTlsOnly()
    {
        Assert.Equal((SrtpPolicy.Optional, false), Applied(null, SipTransportKind.Udp));
        Assert.Equal((SrtpPolicy.Optional, false), Applied(null, SipTransportKind.Tcp));
        Assert.Equal((SrtpPolicy.Optional, true), Applied(null, SipTransportKind.Tls));
    }

    [Theory]
    [InlineData(SrtpPolicy.Never)]
    [InlineData(SrtpPolicy.Optional)]
    [InlineData(SrtpPolicy.Required)]
    public void ApplyTo_Trunk_HasItsPolicyAndSuites(SrtpPolicy policy)
    {
        var trunk = new Trunk("pbx", new TrunkOptions { Server = "sip:192.0.2.9", Srtp = policy, SrtpSuites = ["aes_cm_128_hmac_sha1_32", "", "AEAD_AES_128_GCM"] }, null, null);
        var local = SrtpTerms.Of(trunk, SipTransportKind.Udp).ApplyTo(Local);

        Assert.Equal(policy, local.Srtp);
        Assert.Equal(["AES_CM_128_HMAC_SHA1_32", "AEAD_AES_128_GCM"], local.SrtpSuites);
        Assert.Equal((Local.Address, Local.Port), (local.Address, local.Port));
    }

    [Fact]
    public void ApplyTo_TrunkWithoutSuites_HasAllOfThem() =>
        Assert.Equal(SdesSuites.All, SrtpTerms.Of(new Trunk("pbx", new TrunkOptions { SrtpSuites = [""] }, null, null), SipTransportKind.Tls).ApplyTo(Local).SrtpSuites);

    [Fact]
    public void IsFirstWithOpenKeys_IsSaidOnce()
    {
        var trunk = new Trunk("pbx", new TrunkOptions(), null, null);
        Assert.True(trunk.IsFirstWithOpenKeys());
        Assert.False(trunk.IsFirstWithOpenKeys());
    }

    [Fact]
    public void Problems_UnknownSuite_NamesTheKey()
    {
        var options = new TrunkOptions { Server = "sip:192.0.2.9", SrtpSuites = ["AEAD_AES_128_GCM", "NULL_HMAC_SHA1_80"] };
        var (key, problem) = Assert.Single(options.Problems());
        Assert.Equal("SrtpSuites:1", key);
        Assert.Contains("AES_CM_128_HMAC_SHA1_80", problem, StringComparison.Ordinal);
        Assert.Equal("Srtp", Assert.Single(new TrunkOptions { Server = "sip:192.0.2.9", Srtp = (SrtpPolicy)7 }.Problems()).Key);
    }

    [Fact]
    public void Objection_OfTheNegotiator_IsThatOfThePolicy()
    {
        var negotiator = new SdpNegotiator(Local with { Srtp = SrtpPolicy.Required }, static _ => { });
        var offer = Encoding.UTF8.GetBytes("v=0\nc=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 0\n");
        Assert.False(negotiator.CanAnswer(offer));
        Assert.Equal("SRTP is required", negotiator.Objection(offer));
        Assert.Null(negotiator.Objection("nonsense"u8));
    }

    private static (SrtpPolicy Policy, bool OffersKeys) Applied(Trunk? trunk, SipTransportKind transport)
    {
        var local = SrtpTerms.Of(trunk, transport).ApplyTo(Local);
        return (local.Srtp, local.OffersKeys);
    }
}
