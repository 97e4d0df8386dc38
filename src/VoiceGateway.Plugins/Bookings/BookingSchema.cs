namespace VoiceGateway.Plugins.Bookings;

/// <summary>
/// What makes a double booking impossible is the primary key of <c>booking_slots</c>: a booking holds one row for each half hour
/// of its table, and two bookings cannot hold the same row, whatever runs in parallel on however many nodes.
/// </summary>
internal static class BookingSchema
{
    /// <summary>Append, never edit.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE bookings (
            id           TEXT PRIMARY KEY,
            resource     TEXT NOT NULL,
            starts_at    TEXT NOT NULL,
            ends_at      TEXT NOT NULL,
            party_size   BIGINT NOT NULL,
            name         TEXT NOT NULL,
            name_key     TEXT NOT NULL,
            phone        TEXT NOT NULL,
            phone_key    TEXT NOT NULL,
            cancelled    BIGINT NOT NULL,
            call_id      TEXT NOT NULL,
            tool_call_id TEXT NOT NULL,
            created_at   TEXT NOT NULL,
            UNIQUE (call_id, tool_call_id)
        );
        CREATE INDEX bookings_by_phone ON bookings (phone_key, starts_at);
        CREATE INDEX bookings_by_start ON bookings (starts_at);

        CREATE TABLE booking_slots (
            resource   TEXT NOT NULL,
            slot       TEXT NOT NULL,
            booking_id TEXT NOT NULL,
            PRIMARY KEY (resource, slot)
        );
        CREATE INDEX booking_slots_by_booking ON booking_slots (booking_id);
        CREATE INDEX booking_slots_by_slot ON booking_slots (slot);
        """,
    ];
}
