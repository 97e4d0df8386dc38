using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>The reply to a typed text, a DTMF digit for example, that matches. It does not use up a turn of the scenario.</summary>
internal sealed record TextRule(Regex Pattern, IReadOnlyList<ScenarioStep> Steps);
