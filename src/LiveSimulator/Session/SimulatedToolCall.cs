using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>A function call that the simulator made, and what became of it.</summary>
public sealed record SimulatedToolCall(string Id, string Name, JsonElement Args, long CalledAt)
{
    /// <summary>The whole <c>response</c> object as it came, once it has come.</summary>
    public JsonElement? Response { get; init; }

    public string? Scheduling { get; init; }

    public long? AnsweredAt { get; init; }

    public bool Cancelled { get; init; }

    /// <summary>An answer came after the call had been cancelled or answered; it was ignored.</summary>
    public bool AnsweredLate { get; init; }
}
