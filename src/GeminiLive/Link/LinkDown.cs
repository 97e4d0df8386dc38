namespace VoiceGateway.GeminiLive;

/// <summary>A connection is over, and another is being sought.</summary>
/// <param name="Connection"><see cref="LiveLink.Connection"/>.</param>
/// <param name="Cause">Why.</param>
/// <param name="Close">How it ended; null when this side ended it.</param>
public sealed record LinkDown(int Connection, LinkCause Cause, LiveClose? Close);
