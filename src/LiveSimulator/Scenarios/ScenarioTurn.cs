namespace VoiceGateway.LiveSimulator;

/// <summary>A turn of the caller's and the reply to it.</summary>
/// <param name="Id">What a <c>goTo</c> calls it.</param>
/// <param name="Caller">What the caller is expected to say. Null: there is no input transcript.</param>
/// <param name="Steps">The reply.</param>
internal sealed record ScenarioTurn(string? Id, string? Caller, IReadOnlyList<ScenarioStep> Steps);
