using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests;

/// <summary>Keys by offer and answer: RFC 4568 section 7.1, RFC 8643 section 3.1.</summary>
public sealed class SrtpOfferAnswerTests
{
    private const string Head = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n";
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Other = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    private const string Usual = "AES_CM_128_HMAC_SHA1_80";
    private const string Line = "a=crypto:1 " + Usual + " inline:" + Key + "\n";
    private const string Savp = "m=audio 4000 RTP/SAVP 0\n";
    private const string Avp = "m=audio 4000 RTP/AVP 0\n";

    private static readonly LocalAudio Plain = new(IPAddress.Parse("192.0.2.1"), 20000, LocalAudio.G711);

    private readonly SdpOriginState _state = new();

    [Theory]
    [InlineData(SrtpPolicy.Never, Savp + Line, null, false)]
    [InlineData(SrtpPolicy.Never, Avp + Line, "RTP/AVP", false)]
    [InlineData(SrtpPolicy.Never, Avp, "RTP/AVP", false)]
    [InlineData(SrtpPolicy.Optional, Savp + Line, "RTP/SAVP", true)]
    [InlineData(SrtpPolicy.Optional, "m=audio 4000 RTP/SAVPF 0\n" + Line, "RTP/SAVPF", true)]
    [InlineData(SrtpPolicy.Optional, Avp + Line, "RTP/AVP", true)]
    [InlineData(SrtpPolicy.Optional, Avp, "RTP/AVP", false)]
    [InlineData(SrtpPolicy.Optional, Savp, null, false)]
    [InlineData(SrtpPolicy.Optional, "m=audio 4000 UDP/TLS/RTP/SAVP 0\n" + Line, null, false)]
    [InlineData(SrtpPolicy.Required, Savp + Line, "RTP/SAVP", true)]
    [InlineData(SrtpPolicy.Required, Avp + Line, "RTP/AVP", true)]
    [InlineData(SrtpPolicy.Required, Avp, null, false)]
    [InlineData(SrtpPolicy.Required, Avp + "a=crypto:1 NULL_HMAC_SHA1_80 inline:" + Key + "\n", null, false)]
    public void TryAnswer_EachPolicy_AnswersInTheProfileOfTheOfferOrNotAtAll(SrtpPolicy policy, string offer, string? profile, bool secure)
    {
        var agreed = OfferAnswer.TryAnswer(Read(offer), Plain with { Srtp = policy }, _state, out var answer);

        Assert.Equal(profile, answer?.Media[0].Protocol);
        Assert.Equal(secure, agreed?.Srtp is not null);
        Assert.Equal(secure, answer?.Media[0].Crypto.Count > 0);
        Assert.Equal(profile is null, _state.Last is null);
    }

    [Fact]
    public void TryAnswer_Keys_AreOneLineOfTheSameTagAndSuiteWithAKeyOfOurOwn()
    {
        var agreed = Answer($"{Savp}a=crypto:7 {Usual} inline:{Key}|2^20|1:4\n", out var answer)!;

        var ours = Assert.Single(answer.Media[0].Crypto);
        Assert.Equal((7u, Usual), (ours.Tag, ours.Suite));
        var key = Assert.Single(ours.Keys);
        Assert.Equal((30, 0, null), (key.KeyAndSalt.Length, key.Mki.Length, key.Lifetime));
        Assert.NotEqual(Convert.FromBase64String(Key), key.KeyAndSalt);
        Assert.Equal(Usual, agreed.Srtp!.Suite);
        Assert.Equal(key.KeyAndSalt, agreed.Srtp.SendKey.KeyAndSalt);
        var theirs = Assert.Single(agreed.Srtp.ReceiveKeys);
        Assert.Equal(Convert.FromBase64String(Key), theirs.KeyAndSalt);
        Assert.Equal(new byte[] { 0, 0, 0, 1 }, theirs.Mki);
    }

    // The first line that we can do counts (RFC 4568 section 7.1.2); one that asks for more is none.
    [Theory]
    [InlineData("1 F8_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("1 " + Usual + " inline:" + Key + " UNENCRYPTED_SRTP")]
    [InlineData("1 " + Usual + " inline:" + Key + " UNAUTHENTICATED_SRTP")]
    [InlineData("1 " + Usual + " inline:" + Key + " KDR=3")]
    [InlineData("1 " + Usual + " inline:" + Key + " FEC_ORDER=FEC_SRTP")]
    [InlineData("1 AEAD_AES_128_GCM inline:" + Key)]
    [InlineData("1 " + Usual + " inline:" + Key + ";inline:" + Other)]
    [InlineData("1 " + Usual + " inline:" + Key + "|1:1;inline:" + Other + "|2:2")]
    public void TryAnswer_LineThatCannotBeUsed_TheNextIsTaken(string line)
    {
        var agreed = Answer($"{Savp}a=crypto:{line}\na=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{Other} WSH=128 -WHATEVER KDR=0\n", out var answer)!;

        Assert.Equal((2u, "AES_CM_128_HMAC_SHA1_32"), (answer.Media[0].Crypto[0].Tag, agreed.Srtp!.Suite));
        Assert.Null(Answer($"{Savp}a=crypto:{line}\n", out _));
    }

    [Fact]
    public void TryAnswer_OfTwoLines_TakesTheOneThatIsEncrypted()
    {
        var agreed = Answer(Avp + "m=audio 4002 RTP/SAVP 0\n" + Line, out var answer)!;

        Assert.Equal((4002, 0, 20000), (agreed.RemotePort, answer.Media[0].Port, answer.Media[1].Port));
        Assert.NotNull(agreed.Srtp);
    }

    // Before RFC 6188 it was called otherwise, and is by some until today.
    [Fact]
    public void TryAnswer_OldNameOfASuite_IsAnsweredAsWritten()
    {
        var key = Convert.ToBase64String(new byte[46]);
        var agreed = Answer($"{Savp}a=crypto:1 AES_CM_256_HMAC_SHA1_80 inline:{key}\n", out var answer)!;

        Assert.Equal(("AES_256_CM_HMAC_SHA1_80", "AES_CM_256_HMAC_SHA1_80"), (agreed.Srtp!.Suite, answer.Media[0].Crypto[0].Suite));
    }

    [Fact]
    public void TryAnswer_SuitesOfTheTrunk_AreTheOnlyOnes()
    {
        var local = Plain with { Srtp = SrtpPolicy.Optional, SrtpSuites = ["AEAD_AES_256_GCM"] };
        Assert.Null(OfferAnswer.TryAnswer(Read(Savp + Line), local, _state, out _));
        Assert.Equal("No SRTP keys of use", OfferAnswer.SrtpObjection(Read(Savp + Line), local));
        var key = Convert.ToBase64String(new byte[44]);
        Assert.NotNull(OfferAnswer.TryAnswer(Read($"{Savp}{Line}a=crypto:2 AEAD_AES_256_GCM inline:{key}\n"), local, _state, out _)!.Srtp);
    }

    [Theory]
    [InlineData(SrtpPolicy.Required, Avp, "SRTP is required")]
    [InlineData(SrtpPolicy.Never, Savp + Line, "SRTP is not taken")]
    [InlineData(SrtpPolicy.Optional, Savp, "No SRTP keys of use")]
    [InlineData(SrtpPolicy.Optional, Avp, null)]
    [InlineData(SrtpPolicy.Required, "m=audio 4000 RTP/AVP 18\n", null)]
    [InlineData(SrtpPolicy.Never, "m=audio 4000 RTP/AVP 18\n", null)]
    public void SrtpObjection_SaysWhatIsWrongWithTheProtection(SrtpPolicy policy, string offer, string? expected) =>
        Assert.Equal(expected, OfferAnswer.SrtpObjection(Read(offer), Plain with { Srtp = policy }));

    // Unless the peer's key changes, nothing does: our own stays for the whole dialog.
    [Fact]
    public void TryAnswer_Again_KeepsOurKeyAndTakesTheNewOneOfThePeer()
    {
        var first = Answer(Savp + Line, out var answer)!;
        var same = Answer(Savp + Line, out var again)!;
        Assert.Equal(answer.ToBytes(), again.ToBytes());
        Assert.Equal(first.Srtp!.SendKey.KeyAndSalt, same.Srtp!.SendKey.KeyAndSalt);

        var changed = Answer(Savp + Line.Replace(Key, Other, StringComparison.Ordinal), out _)!;
        Assert.Equal(first.Srtp.SendKey.KeyAndSalt, changed.Srtp!.SendKey.KeyAndSalt);
        Assert.Equal(Convert.FromBase64String(Other), changed.Srtp.ReceiveKeys[0].KeyAndSalt);

        var another = OfferAnswer.TryAnswer(Read(Savp + Line), Plain with { Srtp = SrtpPolicy.Optional }, new SdpOriginState(), out _)!;
        Assert.NotEqual(first.Srtp.SendKey.KeyAndSalt, another.Srtp!.SendKey.KeyAndSalt);
    }

    [Theory]
    [InlineData(SrtpPolicy.Never, true, "RTP/AVP", 0)]
    [InlineData(SrtpPolicy.Optional, false, "RTP/AVP", 0)]
    [InlineData(SrtpPolicy.Optional, true, "RTP/AVP", 6)]
    [InlineData(SrtpPolicy.Required, false, "RTP/SAVP", 6)]
    [InlineData(SrtpPolicy.Required, true, "RTP/SAVP", 6)]
    public void CreateOffer_EachPolicy_HasItsProfileAndKeys(SrtpPolicy policy, bool hidden, string profile, int keys)
    {
        var line = OfferAnswer.CreateOffer(Plain with { Srtp = policy, OffersKeys = hidden }, _state).Media[0];

        Assert.Equal((profile, keys), (line.Protocol, line.Crypto.Count));
        Assert.Equal(Enumerable.Range(1, keys).Select(static i => (uint)i), line.Crypto.Select(static crypto => crypto.Tag));
        Assert.Equal(SdesSuites.All.Take(keys), line.Crypto.Select(static crypto => crypto.Suite));
        Assert.Equal(keys, line.Crypto.Select(static crypto => Convert.ToBase64String(crypto.Keys[0].KeyAndSalt)).Distinct().Count());
    }

    [Fact]
    public void CreateOffer_Again_OffersTheSameKeys()
    {
        var local = Plain with { Srtp = SrtpPolicy.Optional, OffersKeys = true };
        Assert.Equal(OfferAnswer.CreateOffer(local, _state).ToBytes(), OfferAnswer.CreateOffer(local, _state).ToBytes());
    }

    [Fact]
    public void CreateOffer_AfterAnAnswerWithKeys_OffersWhatWasAgreed()
    {
        Answer(Savp + Line, out var answer);
        var offer = OfferAnswer.CreateOffer(Plain with { Srtp = SrtpPolicy.Optional }, _state).Media[0];

        Assert.Equal("RTP/SAVP", offer.Protocol);
        Assert.Equal(answer.Media[0].Crypto[0].Keys[0].KeyAndSalt, Assert.Single(offer.Crypto).Keys[0].KeyAndSalt);
    }

    [Fact]
    public void CreateOffer_AfterAnAnswerInTheClear_OffersNoKeys()
    {
        Answer(Avp, out _);
        var offer = OfferAnswer.CreateOffer(Plain with { Srtp = SrtpPolicy.Optional, OffersKeys = true }, _state).Media[0];
        Assert.Equal(("RTP/AVP", 0), (offer.Protocol, offer.Crypto.Count));
    }

    [Fact]
    public void TryAccept_TheirChoice_IsOurKeyOfThatLineAndTheirs()
    {
        var offer = OfferAnswer.CreateOffer(Plain with { Srtp = SrtpPolicy.Required }, _state);
        var line = offer.Media[0].Crypto.Single(static crypto => crypto.Suite == Usual);
        var agreed = OfferAnswer.TryAccept(offer, Read($"{Savp}a=crypto:{line.Tag} {Usual} inline:{Key}\n"))!;

        Assert.Equal(Usual, agreed.Srtp!.Suite);
        Assert.Equal(line.Keys[0].KeyAndSalt, agreed.Srtp.SendKey.KeyAndSalt);
        Assert.Equal(Convert.FromBase64String(Key), agreed.Srtp.ReceiveKeys[0].KeyAndSalt);
    }

    [Theory]
    [InlineData(Savp)]
    [InlineData(Avp)]
    [InlineData(Savp + "a=crypto:99 " + Usual + " inline:" + Key + "\n")]
    [InlineData(Savp + "a=crypto:1 " + Usual + " inline:" + Key + "\n")]
    [InlineData(Savp + "a=crypto:4 " + Usual + " inline:AAAA\n")]
    [InlineData(Savp + "a=crypto:4 " + Usual + " inline:" + Key + " UNENCRYPTED_SRTP\n")]
    [InlineData(Savp + "a=crypto:4\n")]
    public void TryAccept_AnswerToARequirementThatIsNone_IsRefused(string answer)
    {
        var offer = OfferAnswer.CreateOffer(Plain with { Srtp = SrtpPolicy.Required }, _state);
        Assert.Equal(Usual, offer.Media[0].Crypto[3].Suite);
        Assert.Null(OfferAnswer.TryAccept(offer, Read(answer)));
    }

    // RFC 8643 section 3.1.3: who does not know keys leaves them out; who knows them may answer in either profile.
    [Theory]
    [InlineData(Avp, true, false)]
    [InlineData(Avp + "a=crypto:4 " + Usual + " inline:" + Key + "\n", true, true)]
    [InlineData(Savp + "a=crypto:4 " + Usual + " inline:" + Key + "\n", true, true)]
    [InlineData(Savp, false, false)]
    [InlineData(Avp + "a=crypto:4 " + Usual + " inline:AAAA\n", false, false)]
    [InlineData(Avp + "a=crypto:nonsense\n", false, false)]
    public void TryAccept_AnswerToAnInvitation_IsEncryptedPlainOrNone(string answer, bool accepted, bool secure)
    {
        var offer = OfferAnswer.CreateOffer(Plain with { Srtp = SrtpPolicy.Optional, OffersKeys = true }, _state);
        var agreed = OfferAnswer.TryAccept(offer, Read(answer));
        Assert.Equal((accepted, secure), (agreed is not null, agreed?.Srtp is not null));
    }

    // The dialog has keys under RTP/AVP, and our next offer of it stays there: leaving them out is no answer to a requirement.
    [Theory]
    [InlineData(SrtpPolicy.Required, Avp, false)]
    [InlineData(SrtpPolicy.Required, Avp + Line, true)]
    [InlineData(SrtpPolicy.Optional, Avp, true)]
    public void TryAccept_AnswerWithinADialogOfKeysUnderAvp_IsInTheClearOnlyWhereItMay(SrtpPolicy policy, string answer, bool accepted)
    {
        var local = Plain with { Srtp = policy };
        Assert.NotNull(OfferAnswer.TryAnswer(Read(Avp + Line), local, _state, out _)!.Srtp);
        var offer = OfferAnswer.CreateOffer(local, _state);
        Assert.Equal(("RTP/AVP", 1), (offer.Media[0].Protocol, offer.Media[0].Crypto.Count));

        var agreed = OfferAnswer.TryAccept(offer, Read(answer), policy);
        Assert.Equal((accepted, answer != Avp), (agreed is not null, agreed?.Srtp is not null));
    }

    [Fact]
    public void CreateOffer_SuiteNamedTwice_IsOfferedOnce()
    {
        var line = OfferAnswer.CreateOffer(Plain with { Srtp = SrtpPolicy.Required, SrtpSuites = [Usual, "AEAD_AES_128_GCM", Usual] }, _state).Media[0];
        Assert.Equal([(1u, Usual), (2u, "AEAD_AES_128_GCM")], line.Crypto.Select(static crypto => (crypto.Tag, crypto.Suite)));
    }

    // Nobody asked for keys: an answer that has some is in the clear all the same.
    [Theory]
    [InlineData(Avp + Line, true)]
    [InlineData(Savp + Line, false)]
    public void TryAccept_KeysThatWereNotAskedFor_AreNotUsed(string answer, bool accepted)
    {
        var agreed = OfferAnswer.TryAccept(OfferAnswer.CreateOffer(Plain, _state), Read(answer));
        Assert.Equal(accepted, agreed is not null);
        Assert.Null(agreed?.Srtp);
    }

    [Theory]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Optional, true)]
    [InlineData(SrtpPolicy.Required, SrtpPolicy.Optional, true)]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Required, true)]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Never, false)]
    public void BothSides_OfUs_AgreeOnTheSameKeysCrosswise(SrtpPolicy ours, SrtpPolicy theirs, bool secure)
    {
        var offer = OfferAnswer.CreateOffer(Plain with { Srtp = ours, OffersKeys = true }, _state);
        var answerer = OfferAnswer.TryAnswer(Reread(offer), Plain with { Srtp = theirs }, new SdpOriginState(), out var answer)!;
        var offerer = OfferAnswer.TryAccept(offer, Reread(answer!))!;

        Assert.Equal((secure, secure), (offerer.Srtp is not null, answerer.Srtp is not null));
        if (!secure)
            return;
        Assert.Equal(offerer.Srtp!.SendKey.KeyAndSalt, answerer.Srtp!.ReceiveKeys[0].KeyAndSalt);
        Assert.Equal(answerer.Srtp.SendKey.KeyAndSalt, offerer.Srtp.ReceiveKeys[0].KeyAndSalt);
        Assert.Equal("AEAD_AES_256_GCM", offerer.Srtp.Suite);
    }

    private NegotiatedAudio? Answer(string offer, out SessionDescription answer)
    {
        var agreed = OfferAnswer.TryAnswer(Read(offer), Plain with { Srtp = SrtpPolicy.Optional }, _state, out var description);
        answer = description!;
        return agreed;
    }

    private static SessionDescription Reread(SessionDescription description)
    {
        Assert.True(SessionDescription.TryParse(description.ToBytes(), out var again, out var error), error);
        return again!;
    }

    private static SessionDescription Read(string media)
    {
        Assert.True(SessionDescription.TryParse(Encoding.UTF8.GetBytes(Head + media), out var sdp, out var error), error);
        return sdp!;
    }
}
