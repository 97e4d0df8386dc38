namespace VoiceGateway.Robustness;

/// <param name="Case">The network.</param>
/// <param name="Heard">Each sentence as the model received it, 16 kHz.</param>
/// <param name="WithZeros">As it would have, had the lost packets been zeros and every other in time; empty where none were lost.</param>
internal sealed record HeardSentences(ImpairedCase Case, short[][] Heard, short[][] WithZeros);
