namespace VoiceGateway.Plugins.Bookings;

/// <summary>The random id was taken, or the same tool call ran twice at once: the next attempt sees what is there.</summary>
internal sealed class BookingCollisionException() : Exception("The booking collided with another one.");
