namespace VoiceGateway.LiveSimulator;

/// <summary>Token counts of one turn. The prompt is everything said so far.</summary>
internal readonly record struct Usage(int PromptText, int PromptAudio, int ResponseText, int ResponseAudio, int Thoughts);
