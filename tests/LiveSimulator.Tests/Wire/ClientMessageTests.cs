using System.Text;

namespace VoiceGateway.LiveSimulator.Tests.Wire;

public sealed class ClientMessageTests
{
    [Theory]
    [InlineData("""{"client_content":{"turns":[{"role":"user","parts":[{"text":"x"}]}],"turn_complete":true}}""", ClientMessageKind.ClientContent)]
    [InlineData("""{"realtimeInput":{"activityStart":{}}}""", ClientMessageKind.RealtimeInput)]
    [InlineData("""{"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{"output":1},"scheduling":"WHEN_IDLE","willContinue":false}]}}""", ClientMessageKind.ToolResponse)]
    [InlineData("""{"contextUpdate":{"systemInstruction":{"parts":[{"text":"x"}]}}}""", ClientMessageKind.ContextUpdate)]
    [InlineData("""{"setup":{"anything":"is looked at later"}}""", ClientMessageKind.Setup)]
    [InlineData("""{"setup":null,"realtimeInput":{}}""", ClientMessageKind.RealtimeInput)]
    public void TryRead_KnownMessage_IsUnderstood(string json, object kind)
    {
        Assert.Null(ClientMessage.TryRead(Encoding.UTF8.GetBytes(json), out var message));
        Assert.Equal(kind, message.Kind);
    }

    [Theory]
    [InlineData("""{"hello":{}}""", "Unknown name \"hello\"")]
    [InlineData("""{"setup":{},"realtimeInput":{}}""", "oneof field 'message_type' is already set")]
    [InlineData("{}", "empty")]
    [InlineData("[1]", "Expected an object")]
    [InlineData("{", "Invalid JSON payload")]
    [InlineData("""{"realtimeInput":{"sound":{}}}""", "Unknown name \"sound\" at 'realtime_input'")]
    [InlineData("""{"realtimeInput":{"audio":{"data":7}}}""", "realtime_input.audio.data")]
    [InlineData("""{"toolResponse":{"functionResponses":[{"id":"1","response":{"scheduling":"SILENT"},"scheduling":"LATER"}]}}""", "scheduling")]
    [InlineData("""{"clientContent":{"turns":[{"content":"x"}]}}""", "client_content.turns[0]")]
    public void TryRead_WhatTheServiceRefuses_SaysWhy(string json, string reason)
    {
        var refused = ClientMessage.TryRead(Encoding.UTF8.GetBytes(json), out _);

        Assert.Equal(1007, refused?.Code);
        Assert.Contains(reason, refused!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LongReason_IsCutAtAWholeCharacterWithin123Bytes()
    {
        var cut = Rejection.Fit(new string('a', 122) + "é and more");

        Assert.Equal(new string('a', 122), cut);
        Assert.Equal("short", Rejection.Fit("short"));
    }
}
