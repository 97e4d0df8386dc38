using VoiceGateway.Codecs;
using VoiceGateway.Media;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Media;

public sealed class SpeechCodecsTests
{
    private static readonly AudioFormat Renumbered = AudioFormat.G722 with { ReceivePayloadType = 97 };

    [Fact]
    public void ByPayloadType_G722_IsOneOfTheCallsOwn()
    {
        var one = SpeechCodecs.ByPayloadType(LocalAudio.Wideband);
        var other = SpeechCodecs.ByPayloadType(LocalAudio.Wideband);
        Assert.Same(G711Codec.MuLaw, one[0]);
        Assert.Same(G711Codec.ALaw, one[8]);
        Assert.IsType<G722Codec>(one[9]);
        Assert.NotSame(one[9], other[9]);
    }

    [Fact]
    public void ByPayloadType_AgreedAgain_GoesOnWithItsState()
    {
        var before = SpeechCodecs.ByPayloadType(LocalAudio.Wideband);
        var after = SpeechCodecs.ByPayloadType([AudioFormat.Pcma, AudioFormat.G722], before);
        Assert.Same(before[9], after[9]);
        var renumbered = SpeechCodecs.ByPayloadType([Renumbered], before);
        Assert.NotSame(before[9], renumbered[97]);
        Assert.Same(before[9], renumbered[9]);
    }

    [Fact]
    public void ByPayloadType_G722NotAgreed_IsNotTaken() => Assert.Null(SpeechCodecs.ByPayloadType(LocalAudio.G711)[9]);

    [Fact]
    public void Named_AnyCase_IsFreshWhereItHasState()
    {
        Assert.Same(G711Codec.ALaw, SpeechCodecs.Named("pcma"));
        Assert.NotSame(SpeechCodecs.Named("G722"), SpeechCodecs.Named("g722"));
        Assert.Throws<ArgumentException>(() => SpeechCodecs.Named("opus"));
    }
}
