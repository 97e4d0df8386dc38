using System.Globalization;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>
/// The exchanges of RFC 4317, with us in the place of Bob or Alice, who take one audio stream: what else the RFC's own Bob accepts, we
/// refuse in its place.
/// </summary>
public sealed class Rfc4317Tests
{
    private const string Alice = "v=0\no=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com\ns=\nc=IN IP4 host.atlanta.example.com\nt=0 0\n";
    private const string AliceAgain = "v=0\no=alice 2890844526 2890844527 IN IP4 host.atlanta.example.com\ns=\nc=IN IP4 host.atlanta.example.com\nt=0 0\n";
    private const string Bob = "v=0\no=bob 2808844564 2808844564 IN IP4 host.biloxi.example.com\ns=\nc=IN IP4 host.biloxi.example.com\nt=0 0\n";
    private const string BobAgain = "v=0\no=bob 2808844564 2808844565 IN IP4 host.biloxi.example.com\ns=\nc=IN IP4 host.biloxi.example.com\nt=0 0\n";

    private const string ThreeCodecs = "m=audio 49170 RTP/AVP 0 8 97\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=rtpmap:97 iLBC/8000\n";
    private const string Video = "m=video 51372 RTP/AVP 31 32\na=rtpmap:31 H261/90000\na=rtpmap:32 MPV/90000\n";
    private const string Ilbc = "m=audio 49170 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n";

    private static readonly AudioFormat ILbc = new("iLBC", 8000, 97);

    private readonly LocalAudio _g711 = new(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711);
    private readonly LocalAudio _ilbc = new(IPAddress.Parse("192.0.2.1"), 20000, [ILbc]);
    private readonly SdpOriginState _state = new();

    [Fact]
    public void Section2_1_AudioAndVideo_OneCodecAndNoVideo()
    {
        var agreed = Answer(Alice + ThreeCodecs + Video, _g711, out var answer);

        Assert.Equal(["audio 20000 0", "video 0 31 32"], Lines(answer));
        Assert.Equal((AudioFormat.Pcmu, "host.atlanta.example.com", 49170, null), (agreed!.Codec, agreed.RemoteHost, agreed.RemotePort, agreed.RemoteRtp));
    }

    [Fact]
    public void Section2_2_SecondOfferWithOneCodec_KeepsTheDeclinedVideoInPlace()
    {
        Answer(Alice + ThreeCodecs + Video, _g711, out var first);
        var agreed = Answer(AliceAgain + "m=audio 51372 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\na=rtpmap:31 H261/90000\n", _g711, out var second);

        Assert.Equal(["audio 20000 0", "video 0 31"], Lines(second));
        Assert.Equal(51372, agreed!.RemotePort);
        Assert.Equal(Version(first) + 1, Version(second));
    }

    [Fact]
    public void Section2_3_AnswerWithAnotherDynamicNumber_SendsByTheirsAndHearsByOurs()
    {
        var offer = OfferAnswer.CreateOffer(_ilbc, _state);
        var agreed = OfferAnswer.TryAccept(offer, Read(Bob + "m=audio 49172 RTP/AVP 99\na=rtpmap:99 iLBC/8000\n"));

        Assert.Equal(((byte)99, (byte)97), (agreed!.Codec.PayloadType, agreed.Codec.ReceivePayloadType));
    }

    [Fact]
    public void Section2_4_SecondStreamForTonesAlone_IsDeclined()
    {
        Answer(Alice + "m=audio 49170 RTP/AVP 0 97\na=rtpmap:0 PCMU/8000\na=rtpmap:97 iLBC/8000\nm=audio 49172 RTP/AVP 98\na=rtpmap:98 telephone-event/8000\na=sendonly\n", _g711, out var answer);

        Assert.Equal(["audio 20000 0", "audio 0 98"], Lines(answer));
    }

    [Fact]
    public void Section2_5_PeerMoves_OurVersionStays()
    {
        Answer(Bob + "m=audio 49174 RTP/AVP 97\na=rtpmap:97 iLBC/8000\nm=video 49170 RTP/AVP 31\na=rtpmap:31 H261/90000\n", _ilbc, out var first);
        var agreed = Answer(
            BobAgain + "m=audio 49178 RTP/AVP 97\nc=IN IP4 newhost.biloxi.example.com\na=rtpmap:97 iLBC/8000\nm=video 49188 RTP/AVP 31\na=rtpmap:31 H261/90000\n",
            _ilbc, out var second);

        Assert.Equal(first!.ToBytes(), second!.ToBytes());
        Assert.Equal(("newhost.biloxi.example.com", 49178), (agreed!.RemoteHost, agreed.RemotePort));
    }

    [Fact]
    public void Section2_6_FirstStreamUnusable_TakesTheSecondInItsPlace()
    {
        var agreed = Answer(Alice + "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=audio 51372 RTP/AVP 97 101\na=rtpmap:97 iLBC/8000\na=rtpmap:101 telephone-event/8000\n", _ilbc, out var answer);

        Assert.Equal(["audio 0 0", "audio 20000 97 101"], Lines(answer));
        Assert.Equal((51372, (byte?)101), (agreed!.RemotePort, agreed.TelephoneEventPayloadType));
    }

    [Fact]
    public void Section2_7_VideoGainsACodec_AudioGoesOnUnchanged()
    {
        Answer(Alice + Ilbc + "m=video 51372 RTP/AVP 31\na=rtpmap:31 H261/90000\n", _ilbc, out var first);
        var agreed = Answer(AliceAgain + Ilbc + Video, _ilbc, out var second);

        Assert.Equal(["audio 20000 97", "video 0 31 32"], Lines(second));
        Assert.Equal((ILbc, Version(first) + 1), (agreed!.Codec, Version(second)));
    }

    [Fact]
    public void Section2_8_StreamWithAConnectionOfItsOwn_DoesNotMoveTheAudio()
    {
        var offer = OfferAnswer.CreateOffer(_g711, _state);
        var agreed = OfferAnswer.TryAccept(offer, Read(Bob + "m=audio 49174 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 49172 RTP/AVP 32\nc=IN IP4 otherhost.biloxi.example.com\na=rtpmap:32 MPV/90000\n"));

        Assert.Equal("host.biloxi.example.com", agreed!.RemoteHost);
    }

    [Fact]
    public void Section3_1_AnsweredOnHold_ThenResumedByTheirOffer()
    {
        var offer = OfferAnswer.CreateOffer(_ilbc, _state);
        var held = OfferAnswer.TryAccept(offer, Read(Bob + "m=audio 49172 RTP/AVP 97\nc=IN IP4 placeholder.biloxi.example.com\na=rtpmap:97 iLBC/8000\na=sendonly\n"));
        var resumed = Answer(BobAgain + Ilbc, _ilbc, out var answer);

        Assert.Equal((true, MediaDirection.RecvOnly), (held!.OnHold, held.LocalDirection));
        Assert.Equal((false, MediaDirection.SendRecv, "host.biloxi.example.com"), (resumed!.OnHold, resumed.LocalDirection, resumed.RemoteHost));
        Assert.Equal(Version(offer) + 1, Version(answer));
    }

    [Fact]
    public void Section3_2_AudioOnHoldAndTonesNot_IsAHold()
    {
        const string tones = "m=audio 49174 RTP/AVP 98\na=rtpmap:98 telephone-event/8000\na=recvonly\n";
        Answer(Bob + "m=audio 49172 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n" + tones, _ilbc, out _);
        var agreed = Answer(BobAgain + "m=audio 49172 RTP/AVP 97\na=rtpmap:97 iLBC/8000\na=sendonly\n" + tones, _ilbc, out var answer);

        Assert.True(agreed!.OnHold);
        Assert.Equal(["audio 20000 97", "audio 0 98"], Lines(answer));
        Assert.Equal(MediaDirection.RecvOnly, answer!.Media[0].Direction);
    }

    [Fact]
    public void Section4_1_SecondAudioStreamAdded_IsDeclinedAndTheFirstGoesOn()
    {
        var offer = OfferAnswer.CreateOffer(_ilbc, _state);
        Assert.NotNull(OfferAnswer.TryAccept(offer, Read(Bob + Ilbc)));
        var agreed = Answer(BobAgain + Ilbc + "m=audio 48282 RTP/AVP 98\nc=IN IP4 mediaserver.biloxi.example.com\na=rtpmap:98 telephone-event/8000\na=recvonly\n", _ilbc, out var answer);

        Assert.Equal(("host.biloxi.example.com", 49170), (agreed!.RemoteHost, agreed.RemotePort));
        Assert.Equal(["audio 20000 97", "audio 0 98"], Lines(answer));
    }

    [Fact]
    public void Section4_2And4_3_VideoAddedAndDeleted_KeepsItsPlace()
    {
        Answer(Alice + "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\n", _g711, out var first);
        Answer(AliceAgain + "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 49172 RTP/AVP 31\na=rtpmap:31 H261/90000\n", _g711, out var grown);
        Answer(AliceAgain.Replace("27 IN", "28 IN", StringComparison.Ordinal) + "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\na=rtpmap:31 H261/90000\n", _g711, out var deleted);

        Assert.Equal(["audio 20000 0"], Lines(first));
        Assert.Equal(["audio 20000 0", "video 0 31"], Lines(grown));
        Assert.Equal(Lines(grown), Lines(deleted));
        Assert.Equal((Version(first) + 1, Version(grown)), (Version(grown), Version(deleted)));

        // And an offer of ours keeps it too.
        Assert.Equal(["audio 20000 0 8 101", "video 0 31"], Lines(OfferAnswer.CreateOffer(_g711, _state)));
    }

    [Fact]
    public void Section5_1_NoMediaAtFirst_IsAcceptedAndHeldUntilThereIs()
    {
        var waiting = Answer(Alice, _ilbc, out var nothing);
        var agreed = Answer(AliceAgain + Ilbc, _ilbc, out var answer);

        Assert.Empty(nothing!.Media);
        Assert.Equal((true, MediaDirection.Inactive), (waiting!.OnHold, waiting.LocalDirection));
        Assert.Equal((false, 49170), (agreed!.OnHold, agreed.RemotePort));
        Assert.Equal((Version(nothing) + 1, 1), (Version(answer), answer!.Media.Count));
    }

    [Fact]
    public void Section5_2_OfferWithABlackHole_IsAHoldUntilTheAddressComes()
    {
        var held = Answer(Alice.Replace("c=IN IP4 host.atlanta.example.com", "c=IN IP4 0.0.0.0", StringComparison.Ordinal) + "m=audio 23442 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n", _ilbc, out _);
        var resumed = Answer(AliceAgain + Ilbc, _ilbc, out _);

        Assert.Equal((true, true, null), (held!.OnHold, held.IsBlackHole, held.RemoteRtp));
        Assert.Equal((false, false, MediaDirection.SendRecv), (resumed!.OnHold, resumed.IsBlackHole, resumed.LocalDirection));
    }

    [Fact]
    public void Section5_3_AnswerWithABlackHole_IsAHoldUntilTheirOffer()
    {
        var offer = OfferAnswer.CreateOffer(_ilbc, _state);
        var held = OfferAnswer.TryAccept(offer, Read(Bob.Replace("c=IN IP4 host.biloxi.example.com", "c=IN IP4 0.0.0.0", StringComparison.Ordinal) + "m=audio 9322 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n"));
        var resumed = Answer(BobAgain + Ilbc, _ilbc, out _);

        Assert.True(held!.OnHold && held.IsBlackHole);
        Assert.False(resumed!.OnHold);
    }

    private NegotiatedAudio? Answer(string offer, LocalAudio local, out SessionDescription? answer) =>
        OfferAnswer.TryAnswer(Read(offer), local, _state, out answer);

    private static IEnumerable<string> Lines(SessionDescription? description) =>
        description!.Media.Select(media => $"{media.Media} {media.Port} {string.Join(' ', media.FormatTokens)}");

    private static long Version(SessionDescription? description) => long.Parse(description!.Origin.SessionVersion, CultureInfo.InvariantCulture);

    private static SessionDescription Read(string text)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var sdp, out var error), error);
        return sdp!;
    }
}
