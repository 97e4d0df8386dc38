namespace VoiceGateway.Turns;

/// <param name="Mark">What happened.</param>
/// <param name="Offset">When, counted from the start of the call on the monotonic clock.</param>
/// <param name="Value">A number that belongs to the mark (samples lost, a digit, a tool's duration in ms), or 0.</param>
public readonly record struct TimelineEntry(TimelineMark Mark, TimeSpan Offset, int Value);
