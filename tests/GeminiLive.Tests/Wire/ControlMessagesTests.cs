using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class ControlMessagesTests
{
    private static readonly LiveModelContract Live38 = LiveModelContract.For("gemini-3.8-live");
    private readonly CountingPool _pool = new();

    [Fact]
    public void Text_AnyCharacters_IsEscaped() =>
        Expect("""{"realtimeInput":{"text":"a\"b\\\n€😀"}}""", ControlMessages.Text(_pool, "a\"b\\\n€😀"));

    [Fact]
    public void AudioStreamEnd_IsTrue() =>
        Expect("""{"realtimeInput":{"audioStreamEnd":true}}""", ControlMessages.AudioStreamEnd(_pool));

    [Fact]
    public void Activity_IsAnEmptyObject()
    {
        Expect("""{"realtimeInput":{"activityStart":{}}}""", ControlMessages.ActivityStart(_pool));
        Expect("""{"realtimeInput":{"activityEnd":{}}}""", ControlMessages.ActivityEnd(_pool));
    }

    [Fact]
    public void VideoFrame_IsBase64OfAJpeg() => Expect(
        """{"realtimeInput":{"video":{"mimeType":"image/jpeg","data":"/9j//g=="}}}""",
        ControlMessages.VideoFrame(_pool, [0xFF, 0xD8, 0xFF, 0xFE]));

    [Fact]
    public void ClientContent_HasTurns() => Expect(
        """{"clientContent":{"turns":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}],"turnComplete":false}}""",
        ControlMessages.ClientContent(_pool, [new LiveContent("user", "a"), new LiveContent("model", "b")], turnComplete: false));

    [Fact]
    public void ToolResponse_SchedulingStandsBesideTheResponse() => Expect(
        """
        {"toolResponse":{"functionResponses":[
          {"id":"1","name":"a","response":{"output":"ok"},"scheduling":"WHEN_IDLE"},
          {"id":"2","name":"b","response":{"error":"no"},"scheduling":"INTERRUPT","willContinue":true},
          {"id":"3","name":"c","response":{},"scheduling":"SILENT"}]}}
        """,
        ControlMessages.ToolResponse(
            _pool,
            [
                new LiveToolResult("1", "a", JsonElement.Parse("""{"output":"ok"}"""), LiveScheduling.WhenIdle),
                new LiveToolResult("2", "b", JsonElement.Parse("""{"error":"no"}"""), LiveScheduling.Interrupt, WillContinue: true),
                new LiveToolResult("3", "c", default, LiveScheduling.Silent),
            ],
            Live38));

    [Theory]
    [InlineData("gemini-3.8-live-extended-thinking")]
    [InlineData("gemini-3.1-flash-live-preview")]
    public void ToolResponse_FamilyWithoutScheduling_LeavesItOut(string model) => Expect(
        """{"toolResponse":{"functionResponses":[{"id":"1","name":"a","response":{}}]}}""",
        ControlMessages.ToolResponse(
            _pool, [new LiveToolResult("1", "a", JsonElement.Parse("{}"), LiveScheduling.Silent)], LiveModelContract.For(model)));

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[1,2]")]
    [InlineData("3.5")]
    [InlineData("null")]
    public void ToolResponse_NoObject_IsWrapped(string response) => Expect(
        $$$"""{"toolResponse":{"functionResponses":[{"id":"1","name":"a","response":{"output":{{{response}}} }}]}}""",
        ControlMessages.ToolResponse(_pool, [new LiveToolResult("1", "a", JsonElement.Parse(response))], Live38));

    [Fact]
    public void ToolResponse_IdMadeHere_IsNotSent() => Expect(
        """{"toolResponse":{"functionResponses":[{"name":"a","response":{}}]}}""",
        ControlMessages.ToolResponse(
            _pool, [new LiveToolResult(LiveFunctionCall.GeneratedIdPrefix + "x", "a", JsonElement.Parse("{}"))], Live38));

    [Fact]
    public void ContextUpdate_OnlyWhatChanges_IsWritten()
    {
        Expect("""{"contextUpdate":{"systemInstruction":{"parts":[{"text":"new"}]}}}""", ControlMessages.ContextUpdate(_pool, "new", null, Live38));
        Expect(
            """{"contextUpdate":{"tools":[{"functionDeclarations":[{"name":"f","description":"d","behavior":"BLOCKING"}]}]}}""",
            ControlMessages.ContextUpdate(_pool, null, [new LiveFunction("f", "d", Behavior: LiveFunctionBehavior.Blocking)], Live38));
    }

    [Fact]
    public void AudioFrame_AnyLength_IsJson()
    {
        var encoder = AudioFrameEncoder.Take(PcmFormat.SamplesPerFrame);
        foreach (int samples in (int[])[320, 1, 2, 3, 160, 319, 320])
        {
            var pcm = new short[samples];
            for (int i = 0; i < samples; i++) pcm[i] = (short)(i * 257);
            JsonNode audio = JsonNode.Parse(encoder.Encode(pcm).Span[WebSocketFrame.Room..])!["realtimeInput"]!["audio"]!;
            Assert.Equal("audio/pcm;rate=16000", (string?)audio["mimeType"]);
            byte[] bytes = Convert.FromBase64String((string)audio["data"]!);
            Assert.Equal(samples * 2, bytes.Length);
            for (int i = 0; i < samples; i++) Assert.Equal(pcm[i], (short)(bytes[2 * i] | (bytes[(2 * i) + 1] << 8)));
        }

        Assert.Throws<ArgumentException>(() => encoder.Encode(new short[400]));
    }

    private void Expect(string expected, PooledBuffer actual)
    {
        string json = Encoding.UTF8.GetString(actual.Written);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(json)), json);
        actual.Dispose();
        Assert.Equal(0, _pool.Outstanding);
    }
}
