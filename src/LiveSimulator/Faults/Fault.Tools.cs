using System.ComponentModel;

namespace VoiceGateway.LiveSimulator;

/// <content>Faults of function calls.</content>
public abstract partial record Fault
{
    [Description("toolCallCancellation comes after the responses have arrived; the reply goes on.")]
    public sealed record LateCancellation : Lasting
    {
        public TimeSpan After { get; init; } = TimeSpan.FromMilliseconds(200);
    }

    [Description("Cancels the pending calls although nobody has interrupted; the turn ends, a nudge makes the model call again.")]
    public sealed record CancelTools : Deed;

    [Description("toolCall without ids.")]
    public sealed record MissingIds : Lasting;

    [Description("The same toolCall message comes twice.")]
    public sealed record DuplicateToolCall : Lasting
    {
        public TimeSpan After { get; init; } = TimeSpan.FromMilliseconds(100);
    }

    [Description("Calls a function that the client has not declared, beside whatever goes on.")]
    public sealed record UnknownFunction : Deed
    {
        public string Name { get; init; } = "function_that_nobody_declared";
    }
}
