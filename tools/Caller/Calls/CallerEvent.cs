namespace VoiceGateway.Caller;

/// <summary>Something that happened in a call, for a live display.</summary>
/// <param name="Kind">What.</param>
/// <param name="Timestamp">When, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> tells it; the event itself is reported a little later.</param>
/// <param name="Text">What is said, which keys, which codec, or how the call ended; null when that is not known.</param>
public sealed record CallerEvent(CallerEventKind Kind, long Timestamp, string? Text = null);
