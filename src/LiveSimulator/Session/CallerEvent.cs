using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>What the conversation has to react to, in the order in which it happened.</summary>
internal abstract record CallerEvent
{
    public sealed record SpeechStarted : CallerEvent;

    public sealed record SpeechEnded : CallerEvent;

    public sealed record TextTyped(string Text) : CallerEvent;

    public sealed record ContentSent(JsonElement Content) : CallerEvent;

    public sealed record ToolsAnswered(JsonElement ToolResponse) : CallerEvent;

    /// <summary>An interruption is noticed later than it happened. The number is the speech's.</summary>
    public sealed record InterruptionNoticed(int Number) : CallerEvent;

    public sealed record FaultDue(Fault Fault, TaskCompletionSource<bool> Done) : CallerEvent;

    public sealed record ReplyEnded(Reply Reply) : CallerEvent;
}
