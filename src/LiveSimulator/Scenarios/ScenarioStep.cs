using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>One thing that the model does in a reply. A new kind of step is one record here and one line in <see cref="StepReader"/>.</summary>
internal abstract record ScenarioStep;

/// <summary>Speaks. Without <paramref name="Text"/> nothing is transcribed: a tone.</summary>
internal sealed record SayStep(string? Text, SpokenAudio Audio) : ScenarioStep;

internal sealed record WaitStep(TimeSpan Duration) : ScenarioStep;

/// <summary>Calls functions, all in one message, and waits for all results.</summary>
/// <param name="Calls">At least one.</param>
/// <param name="Fallback">Spoken instead of the rest of the reply when the client has not declared one of the functions.</param>
/// <param name="Optional">Functions that are not declared are left out without a word.</param>
internal sealed record CallToolsStep(IReadOnlyList<ScenarioToolCall> Calls, IReadOnlyList<ScenarioStep> Fallback, bool Optional) : ScenarioStep;

/// <param name="Name">The function's name.</param>
/// <param name="Args">Its arguments, with placeholders.</param>
/// <param name="Result">Under which name its response is kept.</param>
internal sealed record ScenarioToolCall(string Name, JsonElement Args, string Result);

/// <summary>Goes on with the first case that holds.</summary>
internal sealed record BranchStep(string Result, IReadOnlyList<BranchCase> Cases) : ScenarioStep;

/// <summary>With no <paramref name="Path"/> the case always holds.</summary>
internal sealed record BranchCase(string? Path, JsonElement? EqualTo, bool Exists, IReadOnlyList<ScenarioStep> Steps);

/// <summary>Something goes wrong here. Lasting faults begin with this reply.</summary>
internal sealed record FaultStep(Fault Fault) : ScenarioStep;

/// <summary>The caller's next turn will be this one.</summary>
internal sealed record GoToStep(string TurnId) : ScenarioStep;
