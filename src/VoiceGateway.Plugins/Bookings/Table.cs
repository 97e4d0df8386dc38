namespace VoiceGateway.Plugins.Bookings;

internal sealed record Table(string Name, int Seats);
