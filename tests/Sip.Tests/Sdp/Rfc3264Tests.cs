using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>The exchanges of RFC 3264 section 10, and what its rules say of streams that come and go.</summary>
public sealed class Rfc3264Tests
{
    private const string Alice =
        "v=0\r\no=alice 2890844526 2890844526 IN IP4 host.anywhere.com\r\ns=\r\nc=IN IP4 host.anywhere.com\r\nt=0 0\r\n" +
        "m=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\nm=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n";

    private const string Head = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n";
    private const string Pcmu = "m=audio 4000 RTP/AVP 0\n";
    private const string Fax = "m=image 4010 udptl t38\n";
    private const string Chat = "m=application 4020 TCP/MSRP *\n";

    private static readonly LocalAudio Local = new(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711);

    private readonly SdpOriginState _state = new();

    [Fact]
    public void Section10_1_AudioAndTwoVideos_OnlyTheAudioIsTaken()
    {
        var agreed = Answer(Alice, out var answer);

        Assert.Equal(["audio 20000 0", "video 0 31", "video 0 32"], Lines(answer));
        Assert.Equal(("host.anywhere.com", 49170, AudioFormat.Pcmu), (agreed!.RemoteHost, agreed.RemotePort, agreed.Codec));
    }

    // 10.1: Bob moves his video to another port and takes Alice's answer; here the audio moves.
    [Fact]
    public void Section10_1_SecondOfferMovesAStream_TheAnswerStaysAsItWas()
    {
        Answer(Alice, out var first);
        var agreed = Answer(Alice.Replace("49170", "65422", StringComparison.Ordinal).Replace(" 2890844526 IN", " 2890844527 IN", StringComparison.Ordinal), out var second);

        Assert.Equal(65422, agreed!.RemotePort);
        Assert.Equal(first!.ToBytes(), second!.ToBytes());
    }

    [Fact]
    public void Section10_2_OneOfNCodecs_TakesOneAndHearsTheOthersOffered()
    {
        var agreed = Answer(Head + "m=audio 62986 RTP/AVP 0 4 18 8\na=rtpmap:0 PCMU/8000\na=rtpmap:4 G723/8000\na=rtpmap:18 G729/8000\n", out var answer);

        Assert.Equal(["audio 20000 0"], Lines(answer));
        Assert.Equal([AudioFormat.Pcmu, AudioFormat.Pcma], agreed!.ReceiveFormats);
    }

    // Section 8: streams are added at the end or take the place of a refused one, and are never removed.
    [Fact]
    public void Section8_OfferGrows_EveryLineIsAnsweredInItsPlace()
    {
        Answer(Head + Pcmu, out _);
        Answer(Head + Pcmu + Fax, out var two);
        Answer(Head + Pcmu + Fax + Chat + "m=video 4030 RTP/AVP 34\n", out var four);

        Assert.Equal(["audio 20000 0", "image 0 t38"], Lines(two));
        Assert.Equal(["audio 20000 0", "image 0 t38", "application 0 *", "video 0 34"], Lines(four));
        Assert.Equal(["audio 20000 0 8 101", "image 0 t38", "application 0 *", "video 0 34"], Lines(OfferAnswer.CreateOffer(Local, _state)));
    }

    // Against the RFC; there are gateways that leave lines out all the same.
    [Fact]
    public void OfferShrinks_TheAnswerHasAsManyLinesAsTheOffer()
    {
        Answer(Head + Fax + Pcmu + Chat, out var three);
        var agreed = Answer(Head + Pcmu, out var one);

        Assert.Equal(["image 0 t38", "audio 20000 0", "application 0 *"], Lines(three));
        Assert.Equal(["audio 20000 0"], Lines(one));
        Assert.False(agreed!.OnHold);
        Assert.Equal(["audio 20000 0 8 101"], Lines(OfferAnswer.CreateOffer(Local, _state)));
    }

    [Fact]
    public void Section8_AudioMovesToAnotherLine_IsFollowed()
    {
        Answer(Head + Pcmu + "m=audio 4002 RTP/AVP 8\n", out var first);
        var agreed = Answer(Head + "m=audio 0 RTP/AVP 0\nm=audio 4002 RTP/AVP 8\n", out var second);

        Assert.Equal(["audio 20000 0", "audio 0 8"], Lines(first));
        Assert.Equal(["audio 0 0", "audio 20000 8"], Lines(second));
        Assert.Equal((4002, AudioFormat.Pcma), (agreed!.RemotePort, agreed.Codec));
    }

    // Section 8.2: a stream that is taken away must be answered with port 0; the session is left without media.
    [Fact]
    public void Section8_2_AudioTakenAway_IsAHoldAndComesBack()
    {
        Answer(Head + Pcmu, out _);
        var gone = Answer(Head + "m=audio 0 RTP/AVP 0\n", out var nothing);
        var back = Answer(Head + Pcmu, out var again);

        Assert.Equal((true, MediaDirection.Inactive, true), (gone!.OnHold, gone.LocalDirection, gone.IsBlackHole));
        Assert.Equal(["audio 0 0"], Lines(nothing));
        Assert.Equal((false, 4000), (back!.OnHold, back.RemotePort));
        Assert.Equal(["audio 20000 0"], Lines(again));
    }

    // A gateway that hears fax tones: refused with 488, and the call stays as it was (ITU-T T.38 Annex D).
    [Fact]
    public void FaxInPlaceOfTheAudio_IsRefused()
    {
        Answer(Head + Pcmu, out var answer);

        Assert.Null(Answer(Head + "m=audio 0 RTP/AVP 0\n" + Fax, out _));
        Assert.Null(Answer(Head + Fax, out _));
        Assert.Same(answer, _state.Last);
    }

    [Theory]
    [InlineData("m=audio 4002 RTP/SAVP 0 8\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n", Pcmu, 1)]
    [InlineData(Pcmu, "m=audio 4002 RTP/SAVP 0 8\n", 0)]
    [InlineData("m=audio 4002 UDP/TLS/RTP/SAVPF 111 0\na=rtpmap:111 opus/48000/2\n", Pcmu, 1)]
    [InlineData("m=audio 4002 RTP/AVPF 0 8\n", Pcmu, 1)]
    [InlineData(Pcmu, "m=audio 4002 RTP/AVPF 0 8\n", 0)]
    public void SeveralProfiles_ThePlainOneIsTaken(string first, string second, int taken)
    {
        var agreed = Answer(Head + first + second, out var answer);

        Assert.Equal(4000, agreed!.RemotePort);
        Assert.Equal((20000, "RTP/AVP"), (answer!.Media[taken].Port, answer.Media[taken].Protocol));
        Assert.Equal(0, answer.Media[1 - taken].Port);
    }

    // RFC 4585 section 4.1: what is offered as AVPF is answered as AVPF, or not at all.
    [Fact]
    public void FeedbackProfileAlone_IsAnsweredAsItself()
    {
        Answer(Head + "m=audio 4000 RTP/AVPF 0\na=rtcp-fb:* nack\n", out var answer);

        Assert.Equal("RTP/AVPF", answer!.Media[0].Protocol);
        Assert.DoesNotContain("rtcp-fb", answer.ToString(), StringComparison.Ordinal);
        Assert.Equal("RTP/AVPF", OfferAnswer.CreateOffer(Local, _state).Media[0].Protocol);
    }

    [Theory]
    [InlineData("RTP/SAVP")]
    [InlineData("RTP/SAVPF")]
    [InlineData("UDP/TLS/RTP/SAVP")]
    public void AnswerInAnotherProfile_IsNone(string protocol) =>
        Assert.Null(OfferAnswer.TryAccept(OfferAnswer.CreateOffer(Local, _state), Read(Head + $"m=audio 4000 {protocol} 0\n")));

    // RFC 8643, RFC 8839, RFC 5763: offered on a plain line, they are answered by leaving them out.
    [Fact]
    public void KeysFingerprintsCandidatesAndBandwidth_AreIgnored()
    {
        var agreed = Answer(
            "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nb=CT:1000\nt=0 0\na=group:BUNDLE 0\na=ice-lite\na=fingerprint:sha-256 AA:BB\na=msid-semantic: WMS\n" +
            "m=audio 4000 RTP/AVP 0 101\nb=AS:64\nb=TIAS:64000\nb=RS:0\na=mid:0\na=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\n" +
            "a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host\na=setup:actpass\na=fingerprint:sha-256 AA:BB\n" +
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\na=rtpmap:101 telephone-event/8000\na=ssrc:1 cname:x\na=end-of-candidates\n",
            out var answer);

        Assert.Equal("192.0.2.9:4000", agreed!.RemoteRtp!.ToString());
        Assert.Equal(
            "s=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n" +
            "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
            answer!.ToString()[answer.ToString().IndexOf("s=", StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 999 x -1 0,8 0 0 128 8\n")]
    [InlineData("m=audio 4000 RTP/AVP   0  8\na=rtpmap:\na=rtpmap:0\na=rtpmap:zero PCMU/8000\na=rtpmap:8 PCMA\na=fmtp:\na=fmtp:0\n")]
    [InlineData("m=audio 4000 RTP/AVP 0 8\na=rtpmap:0 pCmU/8000/1\na=rtpmap:8  PCMA / 8000\n")]
    [InlineData("m=audio 4000/1 rtp/avp 0 8\n")]
    public void GarbageAmongTheFormats_IsPassedOver(string media)
    {
        var agreed = Answer(Head + media, out var answer);

        Assert.Equal([(byte)0, (byte)8], agreed!.ReceiveFormats.Select(format => format.PayloadType));
        Assert.Equal(["0"], answer!.Media[0].FormatTokens);
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 0 13\n", 13)]
    [InlineData("m=audio 4000 RTP/AVP 0 97\na=rtpmap:97 cn/8000\n", 97)]
    [InlineData("m=audio 4000 RTP/AVP 0 97\na=rtpmap:97 CN/16000\n", null)]
    [InlineData("m=audio 4000 RTP/AVP 0\n", null)]
    public void ComfortNoise_IsTakenWhenOffered(string media, int? payloadType)
    {
        var agreed = Answer(Head + media, out var answer);

        Assert.Equal((byte?)payloadType, agreed!.ComfortNoisePayloadType);
        Assert.Equal(payloadType is null ? ["0"] : ["0", $"{payloadType}"], answer!.Media[0].FormatTokens);

        // Ours keeps it, and does not begin with it.
        Assert.Equal(payloadType is not null, OfferAnswer.CreateOffer(Local, _state).Media[0].Formats.Any(format => format.Is("CN", 8000)));
        Assert.DoesNotContain(OfferAnswer.CreateOffer(Local, new SdpOriginState()).Media[0].Formats, format => format.Is("CN", 8000));
    }

    [Fact]
    public void ComfortNoiseAlone_IsNoAudio()
    {
        Assert.Null(Answer(Head + "m=audio 4000 RTP/AVP 13\n", out _));
        Answer(Head + "m=audio 4000 RTP/AVP 0 13\n", out _);
        var offer = OfferAnswer.CreateOffer(Local, _state);
        Assert.Null(OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 13\n")));
        Assert.Equal((byte?)13, OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 0 13\n"))!.ComfortNoisePayloadType);
        Assert.Null(OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 0\n"))!.ComfortNoisePayloadType);
    }

    // RFC 5761 section 5.1.1.
    [Fact]
    public void RtcpMux_IsAnsweredWhenOfferedAndKept()
    {
        var agreed = Answer(Head + "m=audio 4000 RTP/AVP 0\na=rtcp-mux\na=rtcp:4000\n", out var answer);
        Assert.True(agreed!.RtcpMux);
        Assert.Contains("a=rtcp-mux\r\n", answer!.ToString(), StringComparison.Ordinal);

        var offer = OfferAnswer.CreateOffer(Local, _state);
        Assert.True(offer.Media[0].RtcpMux);
        Assert.True(OfferAnswer.TryAccept(offer, Read(Head + Pcmu + "a=rtcp-mux\n"))!.RtcpMux);
        Assert.False(OfferAnswer.TryAccept(offer, Read(Head + Pcmu))!.RtcpMux);

        Assert.False(Answer(Head + Pcmu, out answer)!.RtcpMux);
        Assert.DoesNotContain("rtcp-mux", answer!.ToString(), StringComparison.Ordinal);
        Assert.False(OfferAnswer.CreateOffer(Local, new SdpOriginState()).Media[0].RtcpMux);
    }

    [Fact]
    public void HostNames_ComeWithTheirFamilyAndPorts()
    {
        var v6 = Answer("v=0\nc=IN IP6 media.example.com\nm=audio 4000 RTP/AVP 0\na=rtcp:4005\n", out _);
        var v4 = Answer("v=0\nc=IN IP4 media.example.com\nm=audio 4000 RTP/AVP 0\n", out _);
        var none = Answer("v=0\nm=audio 4000 RTP/AVP 0\n", out _);

        Assert.Equal(("media.example.com", System.Net.Sockets.AddressFamily.InterNetworkV6, 4000, (int?)4005), (v6!.RemoteHost, v6.RemoteFamily, v6.RemotePort, v6.RemoteRtcpPort));
        Assert.Equal((System.Net.Sockets.AddressFamily.InterNetwork, (int?)null), (v4!.RemoteFamily, v4.RemoteRtcpPort));
        Assert.Equal((null, null, 4000, false), (none!.RemoteHost, none.RemoteFamily, none.RemotePort, none.IsBlackHole));
    }

    [Fact]
    public void PacketTimesOfTheSession_CountUnlessTheStreamHasItsOwn()
    {
        Assert.Equal(30, Answer(Head + "a=ptime:30\n" + Pcmu, out _)!.PtimeMs);
        Assert.Equal(40, Answer(Head + "a=ptime:30\n" + Pcmu + "a=ptime:40\n", out _)!.PtimeMs);
        Assert.Equal(10, Answer(Head + "a=maxptime:10\n" + Pcmu, out _)!.PtimeMs);
    }

    // RFC 8866 section 6.4 speaks of what its author wants to receive: the answer's counts for us, not our own.
    [Theory]
    [InlineData("a=ptime:60\n", 60)]
    [InlineData("a=maxptime:10\n", 10)]
    [InlineData("", 20)]
    public void PacketTimeOfAnAnswer_IsTheirs(string line, int expected) =>
        Assert.Equal(expected, OfferAnswer.TryAccept(OfferAnswer.CreateOffer(Local, _state), Read(Head + Pcmu + line))!.PtimeMs);

    // Section 5.1: each side sends by the other's numbers, also when the numbers cross.
    [Fact]
    public void CrossedDynamicNumbers_AreEachSidesOwn()
    {
        var local = Local with { Supported = [new AudioFormat("PCMU", 8000, 96), new AudioFormat("PCMA", 8000, 97)] };
        var agreed = OfferAnswer.TryAccept(OfferAnswer.CreateOffer(local, _state), Read(Head + "m=audio 4000 RTP/AVP 96 97\na=rtpmap:96 PCMA/8000\na=rtpmap:97 PCMU/8000\n"));

        Assert.Equal(["PCMA 96 97", "PCMU 97 96"], agreed!.ReceiveFormats.Select(format => $"{format.EncodingName} {format.PayloadType} {format.ReceivePayloadType}"));
    }

    // Another branch of a forked call answers the same offer with a session of its own.
    [Fact]
    public void AnswersOfTwoForks_AreEachReadForThemselves()
    {
        var offer = OfferAnswer.CreateOffer(Local, _state);
        var one = OfferAnswer.TryAccept(offer, Read("v=0\no=- 5 1 IN IP4 192.0.2.7\ns=-\nc=IN IP4 192.0.2.7\nt=0 0\nm=audio 4100 RTP/AVP 0\n"));
        var other = OfferAnswer.TryAccept(offer, Read("v=0\no=- 9 1 IN IP4 192.0.2.8\ns=-\nc=IN IP4 192.0.2.8\nt=0 0\nm=audio 4200 RTP/AVP 8\na=ptime:30\n"));

        Assert.Equal(("192.0.2.7:4100", AudioFormat.Pcmu, 20), (one!.RemoteRtp!.ToString(), one.Codec, one.PtimeMs));
        Assert.Equal(("192.0.2.8:4200", AudioFormat.Pcma, 30), (other!.RemoteRtp!.ToString(), other.Codec, other.PtimeMs));
    }

    private NegotiatedAudio? Answer(string offer, out SessionDescription? answer) => OfferAnswer.TryAnswer(Read(offer), Local, _state, out answer);

    private static IEnumerable<string> Lines(SessionDescription? description) =>
        description!.Media.Select(media => $"{media.Media} {media.Port} {string.Join(' ', media.FormatTokens)}");

    private static SessionDescription Read(string text)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var sdp, out var error), error);
        return sdp!;
    }
}
