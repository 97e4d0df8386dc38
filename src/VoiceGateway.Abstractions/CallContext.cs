using System.Collections.ObjectModel;
using Microsoft.Extensions.AI;

namespace VoiceGateway.Abstractions;

/// <summary>
/// The telephone call on whose behalf a tool runs. A tool method takes it as a parameter; the model neither sees nor fills it.
/// </summary>
public sealed class CallContext
{
    /// <summary>The gateway's id of the call, as in records and logs.</summary>
    public required string CallId { get; init; }

    /// <summary>The caller's number as signalled; empty when withheld.</summary>
    public required string CallerNumber { get; init; }

    public required string CalledNumber { get; init; }

    /// <summary>The name that was signalled with the number; empty: none, or withheld. Callers choose it themselves, mostly.</summary>
    public string CallerName { get; init; } = "";

    /// <summary>The caller's number when a side vouches for it that the gateway trusts (P-Asserted-Identity); empty: nobody does.</summary>
    public string AssertedNumber { get; init; } = "";

    /// <summary>Who was dialled first and sent the call on; empty: nobody did.</summary>
    public string DivertedFrom { get; init; } = "";

    /// <summary>Name of the trunk that the call came by; empty: none.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>
    /// Headers of the call's INVITE by name, without regard to case: X-…, User-to-User, Subject and the like, 32 at most and 4 kB in
    /// all. Whoever called wrote them.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The agent profile that answers.</summary>
    public required string AgentName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required ICallControl Control { get; init; }

    /// <summary>
    /// The id of the tool call under way, unique within the call. With <see cref="CallId"/> it is the idempotency key:
    /// a call repeated with the same pair must not act twice. Empty outside of a tool call.
    /// </summary>
    public string ToolCallId { get; private init; } = "";

    /// <summary>The same call, seen from one of its tool calls.</summary>
    public CallContext ForToolCall(string toolCallId) => new()
    {
        CallId = CallId,
        CallerNumber = CallerNumber,
        CalledNumber = CalledNumber,
        CallerName = CallerName,
        AssertedNumber = AssertedNumber,
        DivertedFrom = DivertedFrom,
        Trunk = Trunk,
        Headers = Headers,
        AgentName = AgentName,
        StartedAt = StartedAt,
        Control = Control,
        ToolCallId = toolCallId,
    };

    /// <summary>Lays the context into the arguments of a call, where <see cref="From"/> finds it.</summary>
    public void AttachTo(AIFunctionArguments arguments)
    {
        arguments.Context ??= new Dictionary<object, object?>();
        arguments.Context[typeof(CallContext)] = this;
    }

    /// <summary>For an <see cref="AIFunction"/> not made by <see cref="Tool.Create"/>: the call it runs for.</summary>
    /// <exception cref="InvalidOperationException">The function was invoked outside of a telephone call.</exception>
    public static CallContext From(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(CallContext), out var context) == true && context is CallContext call
            ? call
            : throw new InvalidOperationException("The tool was invoked without a telephone call.");
}
