namespace VoiceGateway.Plugins.Bookings;

/// <summary>What a caller wants, checked.</summary>
/// <param name="StartsAt">The business's wall clock.</param>
/// <param name="PartySize">At least one.</param>
/// <param name="Name">As said.</param>
/// <param name="Phone">As said or as signalled.</param>
/// <param name="CallId">With <paramref name="ToolCallId"/> the idempotency key.</param>
/// <param name="ToolCallId">The model's id of the tool call.</param>
internal sealed record BookingDraft(DateTime StartsAt, int PartySize, string Name, string Phone, string CallId, string ToolCallId);
