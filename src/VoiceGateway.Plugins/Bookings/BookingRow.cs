namespace VoiceGateway.Plugins.Bookings;

/// <summary>A row of <c>bookings</c> as Dapper reads it.</summary>
internal sealed class BookingRow
{
    public const string Columns =
        """
        id AS Id, resource AS Resource, starts_at AS StartsAt, ends_at AS EndsAt, party_size AS PartySize,
        name AS Name, phone AS Phone, cancelled AS Cancelled
        """;

    public string Id { get; set; } = "";

    public string Resource { get; set; } = "";

    public string StartsAt { get; set; } = "";

    public string EndsAt { get; set; } = "";

    public long PartySize { get; set; }

    public string Name { get; set; } = "";

    public string Phone { get; set; } = "";

    public long Cancelled { get; set; }

    public Booking ToBooking() =>
        new(Id, Resource, Slots.Read(StartsAt), Slots.Read(EndsAt), (int)PartySize, Name, Phone, Cancelled != 0);
}
