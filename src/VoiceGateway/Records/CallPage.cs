namespace VoiceGateway.Records;

/// <summary>Some calls, newest first.</summary>
/// <param name="Calls">At most as many as were asked for.</param>
/// <param name="Next">Give this to get the following page; null at the end.</param>
public sealed record CallPage(IReadOnlyList<CallSummary> Calls, string? Next);
