using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>The answer to a <see cref="LiveFunctionCall"/>. Every id must be answered: an open one leaves the model deaf.</summary>
/// <param name="Id">Of the call.</param>
/// <param name="Name">Of the function.</param>
/// <param name="Response">An object, by convention with <c>output</c> or <c>error</c>; anything else is wrapped as <c>output</c>.</param>
/// <param name="Scheduling">Left out where the model refuses it.</param>
/// <param name="WillContinue">More results to the same id follow (non-blocking functions).</param>
public sealed record LiveToolResult(
    string Id,
    string Name,
    JsonElement Response,
    LiveScheduling? Scheduling = null,
    bool WillContinue = false);
