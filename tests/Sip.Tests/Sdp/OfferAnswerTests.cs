using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class OfferAnswerTests
{
    private const string Head = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n";

    private static readonly LocalAudio Local = new(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711);

    [Fact]
    public void TryAnswer_OrdinaryOffer_TakesTheFirstCodecAndItsDigits()
    {
        var agreed = Answer(Head + "m=audio 4000 RTP/AVP 18 8 0 96\na=rtpmap:96 telephone-event/8000\na=fmtp:96 0-16\na=ptime:30\n", out var answer);

        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 4000), agreed!.RemoteRtp);
        Assert.Null(agreed.RemoteRtcp);
        Assert.Equal((AudioFormat.Pcma, (byte?)96, (byte?)96), (agreed.Codec, agreed.TelephoneEventPayloadType, agreed.TelephoneEventReceivePayloadType));
        Assert.Equal((30, MediaDirection.SendRecv, false), (agreed.PtimeMs, agreed.LocalDirection, agreed.OnHold));
        Assert.Equal([AudioFormat.Pcma, AudioFormat.Pcmu], agreed.ReceiveFormats);
        Assert.Equal(
            "s=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8 96\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\n" +
            "a=fmtp:96 0-15\r\na=ptime:30\r\na=sendrecv\r\n",
            Body(answer!));
    }

    [Fact]
    public void TryAnswer_SeveralStreams_KeepsTheirNumberAndOrder()
    {
        var agreed = Answer(
            Head + "m=video 5000 RTP/AVP 99\na=rtpmap:99 H264/90000\nm=audio 4002 RTP/SAVP 0\nm=audio 4004 RTP/AVP 0\nm=audio 4006 RTP/AVP 8\nm=image 4008 udptl t38\n",
            out var answer);

        Assert.Equal(4004, agreed!.RemoteRtp!.Port);
        Assert.Equal(
            ["video 0 RTP/AVP 99", "audio 0 RTP/SAVP 0", "audio 20000 RTP/AVP 0", "audio 0 RTP/AVP 8", "image 0 udptl t38"],
            answer!.Media.Select(media => $"{media.Media} {media.Port} {media.Protocol} {string.Join(' ', media.FormatTokens)}"));
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/SAVP 0\n")]
    [InlineData("m=audio 4000 RTP/SAVPF 0\n")]
    [InlineData("m=audio 4000 UDP/TLS/RTP/SAVP 0\n")]
    [InlineData("m=audio 0 RTP/AVP 0\n")]
    [InlineData("m=audio 4000 RTP/AVP 18 9 101\n")]
    [InlineData("m=audio 4000 RTP/AVP 96\n")]
    [InlineData("m=audio 4000 RTP/AVP 96\na=rtpmap:96 PCMU/16000\n")]
    [InlineData("m=audio 4000 RTP/AVP 96\na=rtpmap:96 PCMU/8000/2\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\na=rtpmap:0 opus/48000/2\n")]
    [InlineData("m=audio 4000 RTP/AVP\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\nc=IN IP6 2001:db8::1\n")]
    [InlineData("m=video 4000 RTP/AVP 0\n")]
    public void TryAnswer_NothingUsable_IsNullAndLeavesTheState(string media)
    {
        var state = new SdpOriginState();

        Assert.Null(OfferAnswer.TryAnswer(Read(Head + media), Local, state, out var answer));
        Assert.Null(answer);
        Assert.Null(state.Last);
    }

    [Fact]
    public void TryAnswer_DynamicNumberForAKnownCodec_IsUsedBothWays()
    {
        var agreed = Answer(Head + "m=audio 4000 RTP/AVP 97 98\na=rtpmap:97 pcmu/8000/1\na=rtpmap:98 telephone-event/8000\n", out var answer);

        Assert.Equal(((byte)97, (byte)97, (byte?)98), (agreed!.Codec.PayloadType, agreed.Codec.ReceivePayloadType, agreed.TelephoneEventPayloadType));
        Assert.Contains("m=audio 20000 RTP/AVP 97 98\r\na=rtpmap:97 pcmu/8000\r\n", answer!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryAnswer_DigitsOnAnotherClock_AreLeftOut()
    {
        var agreed = Answer(Head + "m=audio 4000 RTP/AVP 0 96 97\na=rtpmap:96 telephone-event/48000\na=rtpmap:97 telephone-event/16000\n", out var answer);

        Assert.Null(agreed!.TelephoneEventPayloadType);
        Assert.DoesNotContain("telephone-event", answer!.ToString(), StringComparison.Ordinal);
        Assert.Equal((byte?)97, Answer(Head + "m=audio 4000 RTP/AVP 0 96 97\na=rtpmap:96 telephone-event/48000\na=rtpmap:97 telephone-event/8000\n", out _)!.TelephoneEventPayloadType);
    }

    [Fact]
    public void TryAnswer_DigitsNotWanted_AreNotAnswered()
    {
        var offer = Read(Head + "m=audio 4000 RTP/AVP 0 96\na=rtpmap:96 telephone-event/8000\n");

        var agreed = OfferAnswer.TryAnswer(offer, Local with { TelephoneEvents = false }, new SdpOriginState(), out var answer);

        Assert.Null(agreed!.TelephoneEventPayloadType);
        Assert.Equal(["0"], answer!.Media[0].FormatTokens);
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("a=ptime:20\n", 20)]
    [InlineData("a=ptime:40\n", 40)]
    [InlineData("a=ptime:5\n", 20)]
    [InlineData("a=ptime:200\n", 20)]
    [InlineData("a=maxptime:10\n", 10)]
    [InlineData("a=ptime:60\na=maxptime:30\n", 30)]
    [InlineData("a=ptime:10\n", 10)]
    [InlineData("a=ptime:60\n", 60)]
    [InlineData("a=ptime:25\n", 20)]
    [InlineData("a=ptime:35\n", 30)]
    [InlineData("a=ptime:100\n", 60)]
    [InlineData("a=ptime:20.0\n", 20)]
    [InlineData("a=maxptime:150\n", 20)]
    [InlineData("a=maxptime:25\na=ptime:30\n", 20)]
    [InlineData("a=maxptime:5\n", 10)]
    [InlineData("a=ptime:0\na=maxptime:0\n", 20)]
    [InlineData("a=ptime:many\n", 20)]
    public void TryAnswer_Ptime_IsEchoedWithinReason(string lines, int expected)
    {
        var agreed = Answer(Head + "m=audio 4000 RTP/AVP 0\n" + lines, out var answer);

        Assert.Equal((expected, expected), (agreed!.PtimeMs, answer!.Media[0].Ptime));
    }

    [Theory]
    [InlineData("", MediaDirection.SendRecv, false)]
    [InlineData("a=sendrecv\n", MediaDirection.SendRecv, false)]
    [InlineData("a=sendonly\n", MediaDirection.RecvOnly, true)]
    [InlineData("a=recvonly\n", MediaDirection.SendOnly, false)]
    [InlineData("a=inactive\n", MediaDirection.Inactive, true)]
    [InlineData("c=IN IP4 0.0.0.0\n", MediaDirection.RecvOnly, true)]
    [InlineData("c=IN IP6 ::\n", MediaDirection.RecvOnly, true)]
    [InlineData("c=IN IP4 0.0.0.0\na=sendonly\n", MediaDirection.RecvOnly, true)]
    [InlineData("c=IN IP4 0.0.0.0\na=inactive\n", MediaDirection.Inactive, true)]
    [InlineData("c=IN IP4 0.0.0.0\na=recvonly\n", MediaDirection.Inactive, true)]
    public void TryAnswer_Direction_IsMirrored(string lines, MediaDirection expected, bool onHold)
    {
        var agreed = Answer(Head + "m=audio 4000 RTP/AVP 0\n" + lines, out var answer);

        Assert.Equal((expected, expected, onHold), (agreed!.LocalDirection, answer!.Media[0].Direction, agreed.OnHold));
        Assert.Equal(lines.StartsWith("c=", StringComparison.Ordinal), agreed.RemoteRtp is null);
    }

    [Fact]
    public void TryAnswer_SessionLevelDirection_CountsUnlessTheStreamHasItsOwn()
    {
        Assert.Equal(MediaDirection.Inactive, Answer(Head + "a=inactive\nm=audio 4000 RTP/AVP 0\n", out _)!.LocalDirection);
        Assert.Equal(MediaDirection.SendRecv, Answer(Head + "a=inactive\nm=audio 4000 RTP/AVP 0\na=sendrecv\n", out _)!.LocalDirection);
    }

    [Theory]
    [InlineData(MediaDirection.SendOnly, "a=sendrecv\n", MediaDirection.SendOnly, false)]
    [InlineData(MediaDirection.SendOnly, "a=sendonly\n", MediaDirection.Inactive, true)]
    [InlineData(MediaDirection.Inactive, "a=sendrecv\n", MediaDirection.Inactive, false)]
    public void TryAnswer_OwnHold_NarrowsTheDirection(MediaDirection ours, string line, MediaDirection expected, bool onHold)
    {
        var agreed = OfferAnswer.TryAnswer(Read(Head + "m=audio 4000 RTP/AVP 0\n" + line), Local with { Direction = ours }, new SdpOriginState(), out _);

        Assert.Equal((expected, onHold), (agreed!.LocalDirection, agreed.OnHold));
    }

    [Fact]
    public void TryAnswer_WhereToSend_FollowsTheNearestConnection()
    {
        var own = Answer(Head + "m=audio 4000 RTP/AVP 0\nc=IN IP4 192.0.2.77\na=rtcp:5001\n", out _);
        var named = Answer("v=0\nc=IN IP4 pbx.example.com\nm=audio 4000 RTP/AVP 0\n", out _);
        var none = Answer("v=0\nm=audio 4000 RTP/AVP 0\n", out _);
        var elsewhere = Answer(Head + "m=audio 4000 RTP/AVP 0\na=rtcp:5001 IN IP4 192.0.2.78\n", out _);

        Assert.Equal(("192.0.2.77:4000", "192.0.2.77:5001"), (own!.RemoteRtp!.ToString(), own.RemoteRtcp!.ToString()));
        Assert.Equal((null, "pbx.example.com", 4000), (named!.RemoteRtp, named.RemoteHost, named.RemotePort));
        Assert.Equal((null, null, false), (none!.RemoteRtp, none.RemoteHost, none.OnHold));
        Assert.Equal("192.0.2.78:5001", elsewhere!.RemoteRtcp!.ToString());
    }

    [Fact]
    public void TryAnswer_Version_GrowsOnlyWithAChange()
    {
        var state = new SdpOriginState();
        const string media = "m=audio 4000 RTP/AVP 0\n";

        var first = Version(media);
        var refresh = Version(media);
        var held = Version(media + "a=sendonly\n");
        var heldAgain = Version(media + "a=sendonly\na=tool:x\n");
        var resumed = Version(media);

        Assert.Equal((1, 1, 2, 2, 3), (first, refresh, held, heldAgain, resumed));

        int Version(string lines)
        {
            Assert.NotNull(OfferAnswer.TryAnswer(Read(Head + lines), Local, state, out var answer));
            Assert.Equal((state.SessionId, "192.0.2.1"), (answer!.Origin.SessionId, answer.Origin.Address));
            return int.Parse(answer.Origin.SessionVersion, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void TryAnswer_Ipv6_IsWrittenAsIp6()
    {
        var offer = Read("v=0\nc=IN IP6 2001:db8::9\nm=audio 4000 RTP/AVP 0\n");

        var agreed = OfferAnswer.TryAnswer(offer, Local with { Address = IPAddress.Parse("2001:db8::1") }, new SdpOriginState(), out var answer);

        Assert.Equal("[2001:db8::9]:4000", agreed!.RemoteRtp!.ToString());
        Assert.Contains("c=IN IP6 2001:db8::1\r\n", answer!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryAnswer_AddressFromADualModeSocket_IsIpv4()
    {
        var agreed = OfferAnswer.TryAnswer(
            Read(Head + "m=audio 4000 RTP/AVP 0\n"), Local with { Address = IPAddress.Parse("::ffff:192.0.2.1") }, new SdpOriginState(), out var answer);

        Assert.NotNull(agreed);
        Assert.Equal("IN IP4 192.0.2.1", answer!.Connection!.ToString());
    }

    [Fact]
    public void CreateOffer_First_OffersBothLawsAndDigits()
    {
        var offer = OfferAnswer.CreateOffer(Local, new SdpOriginState { SessionId = "77" });

        Assert.Equal(
            "v=0\r\no=- 77 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n" +
            "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
            offer.ToString());
    }

    [Fact]
    public void CreateOffer_WithinADialog_KeepsPlacesAndNumbers()
    {
        var state = new SdpOriginState();
        Assert.NotNull(OfferAnswer.TryAnswer(
            Read(Head + "m=video 5000 RTP/AVP 99\nm=audio 4000 RTP/AVP 8 96\na=rtpmap:96 telephone-event/8000\n"), Local, state, out var answer));

        var offer = OfferAnswer.CreateOffer(Local with { Direction = MediaDirection.SendOnly }, state);

        Assert.Equal(["video 0 99", "audio 20000 0 8 96"], offer.Media.Select(media => $"{media.Media} {media.Port} {string.Join(' ', media.FormatTokens)}"));
        Assert.Equal((answer!.Origin.SessionId, "1", "2"), (offer.Origin.SessionId, answer.Origin.SessionVersion, offer.Origin.SessionVersion));
        Assert.Equal(MediaDirection.SendOnly, offer.Media[1].Direction);
    }

    [Fact]
    public void CreateOffer_UsualDigitsNumberTaken_TakesTheNext()
    {
        var offer = OfferAnswer.CreateOffer(Local with { Supported = [new AudioFormat("PCMU", 8000, 101)] }, new SdpOriginState());

        Assert.Equal(["101", "102"], offer.Media[0].FormatTokens);
    }

    [Fact]
    public void TryAccept_OrdinaryAnswer_SendsByItsNumbersAndReceivesByOurs()
    {
        var offer = OfferAnswer.CreateOffer(Local, new SdpOriginState());

        var agreed = OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 8 97\na=rtpmap:97 telephone-event/8000\na=ptime:30\na=sendrecv\n"));

        Assert.Equal("192.0.2.9:4000", agreed!.RemoteRtp!.ToString());
        Assert.Equal((AudioFormat.Pcma, (byte?)97, (byte?)101), (agreed.Codec, agreed.TelephoneEventPayloadType, agreed.TelephoneEventReceivePayloadType));
        Assert.Equal((30, MediaDirection.SendRecv, false), (agreed.PtimeMs, agreed.LocalDirection, agreed.OnHold));
    }

    [Fact]
    public void TryAccept_BothLaws_AreBothReceived()
    {
        var offer = OfferAnswer.CreateOffer(Local, new SdpOriginState());

        var agreed = OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 8 0\n"));

        Assert.Equal([AudioFormat.Pcma, AudioFormat.Pcmu], agreed!.ReceiveFormats);
        Assert.Null(agreed.TelephoneEventPayloadType);
        Assert.Null(agreed.TelephoneEventReceivePayloadType);
    }

    [Fact]
    public void TryAccept_OtherDynamicNumber_IsAsymmetric()
    {
        var offer = OfferAnswer.CreateOffer(Local with { Supported = [new AudioFormat("PCMU", 8000, 96)] }, new SdpOriginState());

        var agreed = OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 0\n"));

        Assert.Equal(((byte)0, (byte)96), (agreed!.Codec.PayloadType, agreed.Codec.ReceivePayloadType));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0\n")]
    [InlineData("m=audio 4000 RTP/AVP 18\n")]
    [InlineData("m=audio 4000 RTP/SAVP 0\n")]
    [InlineData("m=video 4000 RTP/AVP 0\n")]
    [InlineData("m=audio 4000 RTP/AVP 101\na=rtpmap:101 telephone-event/8000\n")]
    [InlineData("m=audio 4000 RTP/AVP 0\nc=IN IP6 ::1\n")]
    [InlineData("")]
    public void TryAccept_UnusableAnswer_IsNull(string media) =>
        Assert.Null(OfferAnswer.TryAccept(OfferAnswer.CreateOffer(Local, new SdpOriginState()), Read(Head + media)));

    [Theory]
    [InlineData(MediaDirection.SendRecv, "a=sendonly\n", MediaDirection.RecvOnly, true)]
    [InlineData(MediaDirection.SendRecv, "a=inactive\n", MediaDirection.Inactive, true)]
    [InlineData(MediaDirection.SendRecv, "c=IN IP4 0.0.0.0\n", MediaDirection.RecvOnly, true)]
    [InlineData(MediaDirection.SendOnly, "a=recvonly\n", MediaDirection.SendOnly, false)]
    [InlineData(MediaDirection.SendOnly, "a=sendrecv\n", MediaDirection.SendOnly, false)]
    public void TryAccept_Direction_IsWhatBothAllow(MediaDirection ours, string line, MediaDirection expected, bool onHold)
    {
        var offer = OfferAnswer.CreateOffer(Local with { Direction = ours }, new SdpOriginState());

        var agreed = OfferAnswer.TryAccept(offer, Read(Head + "m=audio 4000 RTP/AVP 0\n" + line));

        Assert.Equal((expected, onHold), (agreed!.LocalDirection, agreed.OnHold));
    }

    [Fact]
    public void OfferAndAnswer_BetweenTwoOfUs_Agree()
    {
        var theirs = Local with { Address = IPAddress.Parse("192.0.2.2"), Port = 30000 };
        var offer = OfferAnswer.CreateOffer(Local, new SdpOriginState());

        var answerer = OfferAnswer.TryAnswer(Read(offer.ToString()), theirs, new SdpOriginState(), out var answer);
        var offerer = OfferAnswer.TryAccept(offer, Read(answer!.ToString()));

        Assert.Equal((answerer!.Codec, answerer.TelephoneEventPayloadType, answerer.PtimeMs), (offerer!.Codec, offerer.TelephoneEventPayloadType, offerer.PtimeMs));
        Assert.Equal(("192.0.2.1:20000", "192.0.2.2:30000"), (answerer.RemoteRtp!.ToString(), offerer.RemoteRtp!.ToString()));
    }

    private static NegotiatedAudio? Answer(string offer, out SessionDescription? answer) =>
        OfferAnswer.TryAnswer(Read(offer), Local, new SdpOriginState(), out answer);

    private static string Body(SessionDescription sdp) => sdp.ToString()[sdp.ToString().IndexOf("s=", StringComparison.Ordinal)..];

    private static SessionDescription Read(string text)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var sdp, out var error), error);
        return sdp!;
    }
}
