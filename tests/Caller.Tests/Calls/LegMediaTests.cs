using System.Net;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller.Tests;

public sealed class LegMediaTests
{
    // Names of encodings are alike in any case: RFC 8866 section 6.6.
    [Theory]
    [InlineData("PCMA", "PCMA")]
    [InlineData("pcma", "PCMA")]
    [InlineData("g722", "G722")]
    [InlineData("Pcmu", "PCMU")]
    public void Of_NameInAnyCase_IsTheCodec(string agreed, string expected) =>
        Assert.Equal(expected, LegMedia.Of(Agreed(agreed), before: null).Codec.EncodingName);

    [Fact]
    public void Of_G722Again_GoesOnWithItsState()
    {
        var first = LegMedia.Of(Agreed("G722"), before: null);
        Assert.Same(first.Codec, LegMedia.Of(Agreed("g722"), first).Codec);
    }

    private static NegotiatedAudio Agreed(string encodingName) =>
        new(new IPEndPoint(IPAddress.Loopback, 9), null, new AudioFormat(encodingName, 8000, 97), null, 20, MediaDirection.SendRecv, OnHold: false);
}
