using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

public sealed class WidebandChoiceTests
{
    private static readonly LocalAudio Local = new(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.Wideband);

    [Theory]
    [InlineData("8 0 9", "G722 PCMA PCMU")]
    [InlineData("9 8 0", "G722 PCMA PCMU")]
    [InlineData("18 8 9 0", "G722 PCMA PCMU")]
    [InlineData("8 0", "PCMA PCMU")]
    [InlineData("0 8", "PCMU PCMA")]
    [InlineData("9", "G722")]
    public void TryAnswer_WidebandFirst_ComesBeforeTheOffersOrder(string offered, string expected) => AssertChoice(Local, offered, expected);

    [Theory]
    [InlineData("9 8 0", "PCMA G722 PCMU")]
    [InlineData("9 0", "PCMU G722")]
    [InlineData("9", "G722")]
    public void TryAnswer_WidebandAllowedButNotFirst_ComesAfterG711(string offered, string expected) =>
        AssertChoice(Local with { Supported = [AudioFormat.Pcmu, AudioFormat.G722, AudioFormat.Pcma] }, offered, expected);

    [Fact]
    public void TryAnswer_WidebandNotAllowed_IsNotHeardEither() => AssertChoice(Local with { Supported = LocalAudio.G711 }, "9 8", "PCMA");

    [Fact]
    public void TryAnswer_DigitsAndNoiseBesideG722_AreOnItsClockOf8000()
    {
        var answered = OfferAnswer.TryAnswer(Offer("9 13 101", "a=rtpmap:101 telephone-event/8000\n"), Local, new SdpOriginState(), out var answer)!;
        Assert.Equal(((byte?)101, (byte?)13), (answered.TelephoneEventPayloadType, answered.ComfortNoisePayloadType));
        Assert.Contains("m=audio 20000 RTP/AVP 9 13 101\r\na=rtpmap:9 G722/8000\r\n", answer!.ToString());
    }

    [Fact]
    public void TryAnswer_G722At16000InRtpmap_IsAnotherFormat() =>
        // RFC 3551 section 4.5.2: the clock is 8000, however odd.
        Assert.Null(OfferAnswer.TryAnswer(Offer("97", "a=rtpmap:97 G722/16000\n"), Local, new SdpOriginState(), out _));

    // A mistake of many: 9 has a meaning of its own, and that is it.
    [Fact]
    public void Type9At16000InRtpmap_IsG722BothInOffersAndAnswers()
    {
        const string Mistaken = "a=rtpmap:9 G722/16000\na=rtpmap:101 telephone-event/8000\n";
        var answered = OfferAnswer.TryAnswer(Offer("9 101", Mistaken), Local, new SdpOriginState(), out var answer)!;
        Assert.Equal((AudioFormat.G722, (byte?)101), (answered.Codec, answered.TelephoneEventPayloadType));
        Assert.Contains("a=rtpmap:9 G722/8000\r\n", answer!.ToString(), StringComparison.Ordinal);

        var accepted = OfferAnswer.TryAccept(OfferAnswer.CreateOffer(Local, new SdpOriginState()), Offer("9 101", Mistaken))!;
        Assert.Equal((AudioFormat.G722, (byte?)101), (accepted.Codec, accepted.TelephoneEventPayloadType));
    }

    [Fact]
    public void CreateOffer_CodecNamedTwice_IsOfferedOnce()
    {
        var local = Local with { Supported = [AudioFormat.Pcma, AudioFormat.G722, AudioFormat.Pcma] };
        Assert.Equal(["8", "9", "101"], OfferAnswer.CreateOffer(local, new SdpOriginState()).Media[0].FormatTokens);
    }

    [Fact]
    public void OfferAndAnswer_BetweenTwoOfUs_AgreeOnG722()
    {
        var offer = OfferAnswer.CreateOffer(Local, new SdpOriginState());
        Assert.Equal(["9", "0", "8", "101"], offer.Media[0].FormatTokens);
        var theirs = OfferAnswer.TryAnswer(offer, Local with { Port = 30000 }, new SdpOriginState(), out var answer);
        var ours = OfferAnswer.TryAccept(offer, answer!);
        Assert.Equal((AudioFormat.G722, AudioFormat.G722), (theirs!.Codec, ours!.Codec));
        Assert.True(ours.Codec.IsWideband);
    }

    private static void AssertChoice(LocalAudio local, string offered, string expected)
    {
        var agreed = OfferAnswer.TryAnswer(Offer(offered), local, new SdpOriginState(), out var answer)!;
        Assert.Equal(expected, string.Join(' ', agreed.ReceiveFormats.Select(static f => f.EncodingName)));
        Assert.Equal(agreed.ReceiveFormats[0], agreed.Codec);
        Assert.Equal(agreed.Codec.EncodingName, answer!.Media[0].Formats[0].EncodingName);
    }

    private static SessionDescription Offer(string formats, string attributes = "")
    {
        var text = $"v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 RTP/AVP {formats}\n{attributes}";
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(text), out var offer, out var error), error);
        return offer!;
    }
}
