namespace VoiceGateway.GeminiLive;

/// <summary>What the server's own speech detection heard.</summary>
/// <param name="Kind">Start, end or something this client does not know.</param>
/// <param name="Type">The enum value as sent.</param>
/// <param name="AudioOffset">Position in the audio sent, when given.</param>
public sealed record LiveVoiceActivity(LiveVoiceActivityKind Kind, string Type, TimeSpan? AudioOffset);
