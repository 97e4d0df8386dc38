namespace VoiceGateway.Calls;

/// <summary>Something that happened to a call's link with the model.</summary>
/// <param name="At">From the start of the call.</param>
/// <param name="Kind"><c>connected</c>, <c>rotated</c>, <c>lost</c>, <c>restored</c>, <c>fell_back</c>, …</param>
/// <param name="Cause">One word of a closed list: <c>go_away</c>, <c>age</c>, the kind of a fault; never the server's text, which may quote the caller.</param>
/// <param name="GapMs">For how long the model heard nothing; 0 where that is no question.</param>
/// <param name="Route">The route in use from here on; null: as before.</param>
public sealed record LinkEvent(TimeSpan At, string Kind, string Cause, double GapMs, string? Route = null);
