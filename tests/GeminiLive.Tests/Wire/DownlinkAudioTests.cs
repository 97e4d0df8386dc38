using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class DownlinkAudioTests
{
    // Encodes to "+/v7+w==" and, URL-safe, to "-_v7-w==": every letter that the alphabets differ in.
    private static readonly byte[] Tricky = [0xFB, 0xFB, 0xFB, 0xFB];

    [Theory]
    [InlineData("+/v7+w==")]
    [InlineData("+/v7+w")]
    [InlineData("-_v7-w==")]
    [InlineData("-_v7-w")]
    [InlineData(@"+\/v7+w==")]
    [InlineData(@"\u002b\u002Fv7\u002Bw\u003d\u003d")]
    [InlineData(@"\u002d_v7-w")]
    [InlineData(@"+/v7\r\n+w==\n")]
    [InlineData("+/v7 +w==")]
    public void Base64_AnySpelling_IsDecoded(string text)
    {
        using var feed = new WireFeed();
        feed.Take(Message(text));
        Assert.Equal(Tricky[..4], feed.Handler.Audio);
        Assert.Equal(0, feed.Counters.MalformedAudio);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AQID!A==")]
    [InlineData("AQ==IDBA")]
    [InlineData("ÄÖ==")]
    [InlineData("=")]
    public void Base64_Broken_IsCountedAndTheNextIsHeard(string text)
    {
        using var feed = new WireFeed();
        feed.Take(Message(text));
        feed.Take(Message("AQIDBA=="));
        Assert.Equal([1, 2, 3, 4], feed.Handler.Audio);
        Assert.Equal(text == "=" ? 0 : 1, feed.Counters.MalformedAudio);
    }

    [Fact]
    public void Chunks_CutAnywhere_GiveTheWholeInWholeSamples()
    {
        var random = new Random(3);
        var whole = new byte[20_000];
        random.NextBytes(whole);
        using var feed = new WireFeed();
        for (int at = 0; at < whole.Length;)
        {
            int length = Math.Min(random.Next(1, 700), whole.Length - at);
            feed.Take(Message(Convert.ToBase64String(whole, at, length)));
            at += length;
        }

        Assert.Equal(whole, feed.Handler.Audio);
        Assert.All(feed.Handler.Events, line => Assert.Equal(0, int.Parse(line["audio ".Length..]) % 2));
        Assert.Equal(whole.Length, feed.Counters.AudioBytesReceived);
    }

    [Theory]
    [InlineData("""{"serverContent":{"turnComplete":true}}""")]
    [InlineData("""{"serverContent":{"interrupted":true}}""")]
    public void OddByte_AtTheEndOfATurn_DoesNotShiftTheNext(string end)
    {
        using var feed = new WireFeed();
        feed.Take(Message(Convert.ToBase64String([1, 2, 3])));
        feed.Take(end);
        feed.Take(Message(Convert.ToBase64String([4, 5])));
        Assert.Equal([1, 2, 4, 5], feed.Handler.Audio);
        Assert.Equal(1, feed.Counters.OddBytesDiscarded);
    }

    [Fact]
    public void OddByte_Alone_WaitsForItsOtherHalf()
    {
        using var feed = new WireFeed();
        feed.Take(Message(Convert.ToBase64String([1])));
        Assert.Empty(feed.Handler.Events);
        feed.Take(Message(Convert.ToBase64String([2])));
        Assert.Equal([1, 2], feed.Handler.Audio);
    }

    [Fact]
    public void SeveralParts_InOneMessage_AreHeardInOrder()
    {
        using var feed = new WireFeed();
        feed.Take("""
            {"serverContent":{"modelTurn":{"parts":[
              {"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQI="}},
              {"inlineData":{"mimeType":"audio/pcm;rate=48000","data":"CQk="}},
              {"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AwQ="}}]}}}
            """);
        Assert.Equal([1, 2, 3, 4], feed.Handler.Audio);
        Assert.Equal(1, feed.Counters.UnsupportedMedia);
    }

    [Fact]
    public void Buffers_AfterOneLargeMessage_AreGivenBack()
    {
        using var feed = new WireFeed();
        feed.Take(Message(Convert.ToBase64String(new byte[1_000_000])));
        Assert.True(feed.Pool.LargestRented > 1_000_000);
        feed.Take(Message("AQIDBA=="));
        Assert.Equal(1, feed.Pool.Outstanding);
        Assert.Equal(1_000_004, feed.Counters.AudioBytesReceived);
    }

    private static string Message(string base64) =>
        "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"" + base64 + "\"}}]}}}";

    [Theory]
    [InlineData("", true)]
    [InlineData("audio/pcm", true)]
    [InlineData("audio/pcm;rate=24000", true)]
    [InlineData("Audio/PCM; Rate=24000", true)]
    [InlineData("audio/pcm ; rate=24000 ; channels=1", true)]
    [InlineData("audio/L16;codec=pcm;rate=24000", true)]
    [InlineData("audio/pcm;rate=16000", false)]
    [InlineData("audio/pcm;rate=2400", false)]
    [InlineData("audio/pcm;rate=", false)]
    [InlineData("audio/pcm;rate=24000;channels=2", false)]
    [InlineData("audio/ogg;rate=24000", false)]
    [InlineData("audio/pcmu", false)]
    [InlineData("image/jpeg", false)]
    public void MimeType_OnlyPcmAt24kHz_IsAudio(string mimeType, bool expected)
    {
        Assert.Equal(expected, AudioMimeType.IsPcm24kHz(Encoding.ASCII.GetBytes(mimeType)));
    }
}
