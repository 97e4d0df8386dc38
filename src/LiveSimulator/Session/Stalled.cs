namespace VoiceGateway.LiveSimulator;

/// <summary>The conversation hangs.</summary>
/// <param name="Rest">What a nudge gets.</param>
/// <param name="Until">What ends it.</param>
/// <param name="TurnOpen">Part of the turn has been sent, and not its <c>turnComplete</c>.</param>
internal sealed record Stalled(ReplyPlan Rest, StallEnd Until, bool TurnOpen);
