namespace VoiceGateway.Records;

/// <summary>One utterance.</summary>
/// <param name="Speaker"><c>caller</c>, <c>agent</c> or <c>system</c>.</param>
/// <param name="Text">All that was said, or that the model meant to say.</param>
/// <param name="StartedMs">Since the start of the call.</param>
/// <param name="HeardInFull">False when the caller interrupted before the end had been played.</param>
/// <param name="HeardText">What had been played by then; null when heard in full.</param>
public sealed record TranscriptEntry(string Speaker, string Text, long StartedMs, bool HeardInFull = true, string? HeardText = null);
