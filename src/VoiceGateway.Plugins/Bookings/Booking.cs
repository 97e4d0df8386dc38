namespace VoiceGateway.Plugins.Bookings;

/// <summary>A table kept for somebody. Times are the business's wall clock.</summary>
internal sealed record Booking(string Id, string Table, DateTime StartsAt, DateTime EndsAt, int PartySize, string Name, string Phone, bool IsCancelled);
