using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>A function the model may call.</summary>
/// <param name="Name">A letter or underscore, then letters, digits, underscore, dot, colon and dash, at most 64 in all.</param>
/// <param name="Description">For the model: what it does and when to call it.</param>
/// <param name="ParametersSchema">JSON Schema of the arguments; <c>default</c> for a function without any.</param>
/// <param name="Behavior">Null: the model's default. Left out when the model knows only one.</param>
public sealed record LiveFunction(
    string Name,
    string Description,
    JsonElement ParametersSchema = default,
    LiveFunctionBehavior? Behavior = null)
{
    /// <summary>JSON Schema of the result; <c>default</c>: not declared.</summary>
    public JsonElement ResponseSchema { get; init; }
}
