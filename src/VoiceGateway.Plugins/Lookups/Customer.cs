namespace VoiceGateway.Plugins.Lookups;

/// <summary>Somebody who has booked before.</summary>
public sealed record Customer(string Phone, string Name, long Bookings, string Since, string LastBooked);
