using VoiceGateway.Codecs;
using VoiceGateway.Media;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Media;

public sealed class OutgoingFormatTests
{
    [Fact]
    public void PayloadTypeOf_FrameOfTheCodecBefore_IsTheNumberBefore()
    {
        var first = OutgoingFormat.Of(Agreed(AudioFormat.Pcmu), null);
        var second = OutgoingFormat.Of(Agreed(new AudioFormat("pcma", 8000, 97)), first);

        Assert.Equal((0, 97), (second.PayloadTypeOf(G711Codec.MuLaw), second.PayloadTypeOf(G711Codec.ALaw)));
    }

    [Fact]
    public void PayloadTypeOf_SameCodecRenumbered_IsTheNewNumber()
    {
        var first = OutgoingFormat.Of(Agreed(AudioFormat.Pcmu), null);
        var second = OutgoingFormat.Of(Agreed(new AudioFormat("PCMU", 8000, 96)), first);

        Assert.Equal(96, second.PayloadTypeOf(G711Codec.MuLaw));
    }

    [Fact]
    public void Of_G722AgreedAgain_GoesOnWithItsState()
    {
        var first = OutgoingFormat.Of(Agreed(AudioFormat.G722), null);
        var again = OutgoingFormat.Of(Agreed(new AudioFormat("g722", 8000, 97)), first);
        var other = OutgoingFormat.Of(Agreed(AudioFormat.Pcma), again);

        Assert.Same(first.Codec, again.Codec);
        Assert.Equal((97, 97, 8), (again.PayloadTypeOf(first.Codec), other.PayloadTypeOf(first.Codec), other.PayloadTypeOf(G711Codec.ALaw)));
        Assert.NotSame(first.Codec, OutgoingFormat.Of(Agreed(AudioFormat.G722), other).Codec);
    }

    [Fact]
    public void Of_G722ForAnotherPeer_BeginsAfresh()
    {
        var first = OutgoingFormat.Of(Agreed(AudioFormat.G722), null);
        var other = OutgoingFormat.Of(Agreed(new AudioFormat("G722", 8000, 97)), first, isAnotherPeer: true);

        Assert.NotSame(first.Codec, other.Codec);
        // A frame that was made before leaves under its own number.
        Assert.Equal((9, 97), (other.PayloadTypeOf(first.Codec), other.PayloadTypeOf(other.Codec)));
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(25, 20)]
    [InlineData(500, 60)]
    public void PacketMs_IsWhatCanBeCut(int ptime, int expected) => Assert.Equal(expected, OutgoingFormat.Of(Agreed(AudioFormat.Pcmu) with { PtimeMs = ptime }, null).PacketMs);

    [Fact]
    public void Of_ManyTimes_KeepsNoHistory()
    {
        OutgoingFormat? format = null;
        for (var i = 0; i < 5; i++) format = OutgoingFormat.Of(Agreed(AudioFormat.Pcma), format);
        Assert.Null(format!.Before!.Before);
    }

    private static NegotiatedAudio Agreed(AudioFormat codec) => new(null, null, codec, null, 20, MediaDirection.SendRecv, OnHold: false);
}
