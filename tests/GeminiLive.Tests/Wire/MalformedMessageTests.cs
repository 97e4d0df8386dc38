using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class MalformedMessageTests
{
    private static readonly string[] Samples =
    [
        """{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AQIDBAUGBwg="}},{"text":"a\u00fc\n"}]},"interrupted":true}}""",
        """{"toolCall":{"functionCalls":[{"id":"f1","name":"book","args":{"day":"Monday","n":[1,2.5e3,null]}}]}}""",
        """{"usageMetadata":{"promptTokenCount":"17","promptTokensDetails":[{"modality":"AUDIO","tokenCount":"1"}]},"goAway":{"timeLeft":"1.5s"}}""",
        """{"sessionResumptionUpdate":{"newHandle":"h1","resumable":true,"lastConsumedClientMessageIndex":"5"},"voice_activity":{"type":"x"}}""",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"serverContent\":{\"interrupted\":true}")]
    [InlineData("{\"serverContent\":{\"interrupted\":true}}}")]
    [InlineData("{\"serverContent\":{\"interrupted\":true}} {}")]
    [InlineData("{\"serverContent\":{\"interrupted\":tru}}")]
    [InlineData("{serverContent:{}}")]
    public void Message_NoJsonObject_HasNoEffect(string json)
    {
        using var feed = new WireFeed();
        Assert.False(feed.Take(json));
        Assert.Empty(feed.Handler.Events);
        Assert.False(feed.Message.Interrupted);
    }

    [Fact]
    public void Message_BrokenAtItsEnd_HasNoHalfEffect()
    {
        using var feed = new WireFeed();
        Assert.False(feed.Take("""{"toolCall":{"functionCalls":[{"id":"1","name":"pay"}]},"serverContent":{"modelTurn":"""));
        Assert.Empty(feed.Handler.Events);
    }

    [Fact]
    public void Message_InvalidUtf8InText_IsMalformed()
    {
        byte[] json = [.. "{\"serverContent\":{\"outputTranscription\":{\"text\":\""u8, 0xC3, 0x28, .. "\"}}}"u8];
        Assert.False(ServerMessageParser.TryParse(json, new ServerMessage()));
    }

    [Fact]
    public void Message_TooDeep_IsMalformed()
    {
        string deep = "{\"x\":" + new string('[', 100) + new string(']', 100) + "}";
        Assert.False(ServerMessageParser.TryParse(Encoding.ASCII.GetBytes(deep), new ServerMessage()));
    }

    [Fact]
    public void Parser_EveryPrefix_IsRefusedWithoutAnException()
    {
        var message = new ServerMessage();
        foreach (string sample in Samples)
        {
            byte[] json = Encoding.UTF8.GetBytes(sample);
            Assert.True(ServerMessageParser.TryParse(json, message));
            for (int length = 0; length < json.Length; length++) Assert.False(ServerMessageParser.TryParse(json.AsSpan(0, length), message));
        }
    }

    [Fact]
    public void Parser_RandomDamage_NeverThrows()
    {
        var random = new Random(17);
        using var feed = new WireFeed();
        for (int round = 0; round < 40_000; round++)
        {
            byte[] json = Encoding.UTF8.GetBytes(Samples[round % Samples.Length]);
            for (int hits = random.Next(1, 5); hits > 0; hits--)
            {
                int at = random.Next(json.Length);
                json[at] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => json[random.Next(json.Length)],
                    _ => (byte)"{}[]\",:\\0-=."[random.Next(12)],
                };
            }

            feed.Take(json);
        }
    }
}
