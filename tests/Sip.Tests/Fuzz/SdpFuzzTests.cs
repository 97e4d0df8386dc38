using System.Net;
using System.Text;
using Xunit.Abstractions;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>Mutated session descriptions: read or refused, written back stably, and negotiated without exceptions in every role.</summary>
public sealed class SdpFuzzTests(ITestOutputHelper log)
{
    // An attribute is an object and two strings: the line "a=b" costs most.
    private const int BytesPerByte = 96;
    private const int FixedBytes = 16_384;

    private static readonly LocalAudio Local = new(IPAddress.Parse("192.0.2.1"), 20_000, LocalAudio.G711) { Srtp = SrtpPolicy.Optional, OffersKeys = true };

    [Fact]
    public void Sdp_MutatedDescriptions_AreReadOrRefusedAndNegotiated()
    {
        int read = 0, refused = 0, answered = 0;
        FuzzRun.Try(20, MutatedBytes.Of(FuzzSeeds.Sdp), input =>
        {
            var bytes = input.ToBytes();
            if (Check(bytes) is not { } sdp)
            {
                refused++;
                return;
            }

            read++;
            if (Negotiate(sdp))
                answered++;
        }, log);
        log.WriteLine($"{read} read, {refused} refused, {answered} answered");
        Assert.All([read, refused, answered], count => Assert.True(count >= (read + refused) / 50));
    }

    [Theory]
    [InlineData("a=b\n")]
    [InlineData("a=\n")]
    [InlineData("a=rtpmap:0 A/1\n")]
    [InlineData("a=crypto:1 A inline:AAAA\n")]
    [InlineData("m=a 1 RTP/AVP 0\n")]
    [InlineData("x=\n")]
    [InlineData("\n")]
    public void Sdp_ManyLinesOfTheDearestKind_StaysWithinTheBound(string line) =>
        Check(Encoding.ASCII.GetBytes("v=0\nm=audio 1 RTP/AVP 0\n" + string.Concat(Enumerable.Repeat(line, 50_000 / line.Length))));

    private static SessionDescription? Check(byte[] bytes)
    {
        var (sdp, error) = Allocation.Bounded(FixedBytes + ((long)BytesPerByte * bytes.Length), bytes.Length, "Reading", () => Parse(bytes));
        Assert.Equal(sdp is null, error is not null);
        if (sdp is null)
            return null;
        var written = sdp.ToBytes();
        var (again, why) = Parse(written);
        Assert.True(again is not null, why);

        // An m= without any format is against the grammar, and is written with one.
        if (sdp.Media.All(media => media.FormatTokens.Count > 0))
            Assert.Equal(written, again.ToBytes());
        return sdp;
    }

    private static bool Negotiate(SessionDescription sdp)
    {
        var state = new SdpOriginState();
        var audio = OfferAnswer.TryAnswer(sdp, Local, state, out var answer);
        Assert.Equal(audio is null, answer is null);
        if (answer is not null)
        {
            // RFC 3264 section 6: as many m= lines as the offer, in its order; what is not wanted has port 0.
            Assert.Equal(sdp.Media.Select(media => media.Media), answer.Media.Select(media => media.Media));
            Assert.Equal(Math.Min(sdp.Media.Count, 1), answer.Media.Count(media => media.Port != 0));
            Assert.True(Parse(answer.ToBytes()).Sdp is not null);
        }

        var offer = OfferAnswer.CreateOffer(Local, state);
        Assert.InRange(offer.Media.Count, 1, sdp.Media.Count + 1);
        _ = OfferAnswer.TryAccept(offer, sdp);
        return audio is not null;
    }

    private static (SessionDescription? Sdp, string? Error) Parse(byte[] bytes)
    {
        SessionDescription.TryParse(bytes, out var sdp, out var error);
        return (sdp, error);
    }
}
