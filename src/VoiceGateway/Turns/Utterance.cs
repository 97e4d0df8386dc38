namespace VoiceGateway.Turns;

/// <param name="Speaker">Whose words.</param>
/// <param name="Offset">When it began, from the start of the call.</param>
/// <param name="Text">All of it, as transcribed by the model.</param>
/// <param name="HeardText">What reached the caller's ear: shorter than <paramref name="Text"/> when playout was cut.</param>
/// <param name="Interrupted">The caller cut it short.</param>
/// <param name="Final">No more will be added.</param>
public sealed record Utterance(Speaker Speaker, TimeSpan Offset, string Text, string HeardText, bool Interrupted, bool Final);
