using System.Net;
using System.Text;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Signalling;

public sealed class SdpNegotiatorTests
{
    private readonly List<NegotiatedAudio> _agreed = [];
    private readonly SdpNegotiator _negotiator;

    public SdpNegotiatorTests() => _negotiator = new SdpNegotiator(new LocalAudio(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711), _agreed.Add);

    /// <summary>RFC 4028 section 7.4: we answered the caller's offer, and offer the same again to keep the session alive.</summary>
    [Fact]
    public void Accept_AfterAnAnswerOfOurs_TakesTheChangedSession()
    {
        Assert.NotNull(_negotiator.Answer(Sdp("192.0.2.2", 30000, "0 8")));
        Assert.True(_negotiator.Accept(Sdp("192.0.2.3", 40000, "0")));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.3"), 40000), _agreed[^1].RemoteRtp);
    }

    [Fact]
    public void Accept_BeforeWeSaidAnything_IsNothing()
    {
        Assert.False(_negotiator.Accept(Sdp("192.0.2.3", 40000, "0")));
        Assert.Null(_negotiator.Answer(Sdp("192.0.2.2", 30000, "18")));
        Assert.False(_negotiator.Accept(Sdp("192.0.2.3", 40000, "0")));
        Assert.Empty(_agreed);
    }

    /// <summary>Keys under RTP/AVP (RFC 8643), which a session refresh offers again, and the peer leaves out this time.</summary>
    [Fact]
    public void Accept_InTheClearWhereSrtpIsRequired_IsRefused()
    {
        const string Keys = "0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
        var local = new LocalAudio(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711) { Srtp = SrtpPolicy.Required };
        var negotiator = new SdpNegotiator(local, _agreed.Add);
        Assert.NotNull(negotiator.Answer(Sdp("192.0.2.2", 30000, Keys)));
        negotiator.CreateOffer();
        Assert.False(negotiator.Accept(Sdp("192.0.2.2", 30000, "0")));
        Assert.True(negotiator.Accept(Sdp("192.0.2.2", 30000, Keys)));
        Assert.All(_agreed, static audio => Assert.NotNull(audio.Srtp));
    }

    private static SessionDescription Sdp(string address, int port, string formats) =>
        SessionDescription.TryParse(
            Encoding.ASCII.GetBytes($"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\n"), out var sdp, out var error)
            ? sdp!
            : throw new FormatException(error);
}
