namespace VoiceGateway.Turns;

/// <param name="Heard">The words of the agent that were played before playout was cut.</param>
/// <param name="Missed">The words that were not.</param>
public sealed record CutWords(string Heard, string Missed);
