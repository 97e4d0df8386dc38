using System.Text;

namespace VoiceGateway.LiveSimulator.Tests.Wire;

public sealed class AudioFrameReaderTests
{
    private static readonly byte[] Pcm = [0xfb, 0xff, 0xfe, 0x00, 0x3e, 0x3f];

    public static TheoryData<string> GoodFrames => new()
    {
        """{"realtimeInput":{"audio":{"data":"+//+AD4/","mimeType":"audio/pcm;rate=16000"}}}""",
        """{"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"+//+AD4/"}}}""",
        """{"realtime_input":{"audio":{"mime_type":"audio/pcm","data":"+//+AD4/"}}}""",
        """{"realtimeInput":{"audio":{"data":"-__-AD4_","mimeType":"audio/pcm;rate=16000"}}}""",
        """{ "realtimeInput" : { "audio" : { "data" : "+//+AD4/" , "mimeType" : "audio/pcm" } } }""",
    };

    public static TheoryData<string> OtherMessages => new()
    {
        """{"realtimeInput":{"text":"hello"}}""",
        """{"realtimeInput":{"audio":{"data":"+//+AD4/"}}}""",
        """{"realtimeInput":{"audio":{"mimeType":"audio/pcm"}}}""",
        """{"realtimeInput":{"audio":{"data":"+//+","mimeType":"audio/pcm"}}}""",
        """{"realtimeInput":{"audio":{"data":"+//+AD4/","mimeType":"audio/pcm;rate=8000"}}}""",
        """{"realtimeInput":{"audio":{"data":"+//+AD4/","mimeType":"audio/pcm"},"text":"x"}}""",
        """{"realtimeInput":{"audio":{"data":"+//+AD4/","mimeType":"audio/pcm"}},"setup":{}}""",
        """{"realtimeInput":{"audio":{"data":"***","mimeType":"audio/pcm"}}}""",
        """{"realtimeInput":{"audio":{"data":"+//+AD4/","mimeType":"audio/pcm","extra":1}}}""",
        """{"realtimeInput":{"audio":{"data":"+\/\/+AD4\/","mimeType":"audio/pcm"}}}""",
        """{"realtimeInput":{"audio":{"data":"+//+AD4/","mimeType":"audio/pcm"}}""",
        "[]", "", "{}", "not json",
    };

    [Theory]
    [MemberData(nameof(GoodFrames))]
    public void TryRead_AudioFrame_GivesItsBytes(string json)
    {
        var pcm = new byte[64];

        Assert.True(AudioFrameReader.TryRead(Encoding.UTF8.GetBytes(json), pcm, out var bytes, out var rate));
        Assert.Equal(Pcm, pcm[..bytes]);
        Assert.Equal(16000, rate);
    }

    [Theory]
    [MemberData(nameof(OtherMessages))]
    public void TryRead_AnythingElse_IsLeftToTheThoroughPath(string json) =>
        Assert.False(AudioFrameReader.TryRead(Encoding.UTF8.GetBytes(json), new byte[64], out _, out _));

    [Theory]
    [InlineData("+/8=", 2)]
    [InlineData("+/8", 2)]
    [InlineData("-_8=", 2)]
    [InlineData("-_8", 2)]
    [InlineData("", 0)]
    public void TryDecode_EitherAlphabetPaddedOrNot_Decodes(string base64, int length)
    {
        var bytes = new byte[8];

        Assert.True(AudioFrameReader.TryDecode(Encoding.ASCII.GetBytes(base64), bytes, out var written));
        Assert.Equal(length, written);
        if (length > 0)
            Assert.Equal([0xfb, 0xff], bytes[..2]);
    }

    [Fact]
    public void TryRead_ManyFrames_AllocatesNothing()
    {
        var frame = Encoding.UTF8.GetBytes(TestClient.AudioFrame(new byte[640]));
        var pcm = new byte[1024];
        AudioFrameReader.TryRead(frame, pcm, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            AudioFrameReader.TryRead(frame, pcm, out _, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
