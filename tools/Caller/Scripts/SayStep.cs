namespace VoiceGateway.Caller;

/// <summary>Speaks a clip, to its end.</summary>
public sealed record SayStep(SpeechClip Audio, string? Text = null) : CallerStep;
