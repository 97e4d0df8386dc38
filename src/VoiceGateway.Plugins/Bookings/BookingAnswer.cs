namespace VoiceGateway.Plugins.Bookings;

/// <summary>A booking as the model reads it.</summary>
internal sealed record BookingAnswer(
    string BookingId, string BookingIdSpoken, string Date, string Time, string Until, string When, int PartySize, string Name, string Phone, string Table, string? Note = null)
{
    public static BookingAnswer From(Booking booking, string? note = null) => new(
        booking.Id, Bookings.BookingId.Spell(booking.Id), Words.Date(booking.StartsAt), Words.Time(booking.StartsAt), Words.Time(booking.EndsAt),
        Words.Moment(booking.StartsAt), booking.PartySize, booking.Name, booking.Phone, booking.Table, note);
}
