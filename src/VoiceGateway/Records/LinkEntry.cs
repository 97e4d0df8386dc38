namespace VoiceGateway.Records;

/// <summary>Something that happened to the call's link with the model.</summary>
/// <param name="AtMs">Since the start of the call.</param>
/// <param name="Kind"><c>connected</c>, <c>rotated</c>, <c>lost</c>, <c>restored</c>, <c>fell_back</c>, …</param>
/// <param name="Cause">One word.</param>
/// <param name="GapMs">For how long the model heard nothing.</param>
/// <param name="Route">The route in use from here on; null: as before.</param>
public sealed record LinkEntry(long AtMs, string Kind, string Cause, double GapMs, string? Route = null);
