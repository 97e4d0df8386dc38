namespace VoiceGateway.LiveSimulator;

/// <summary>A scenario cannot be used; the message names the file and the place in it, as a JSON path.</summary>
public sealed class ScenarioException(string message) : Exception(message);
