using System.Data.Common;
using Dapper;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>The SQL of one change to the bookings, inside one transaction.</summary>
internal sealed class BookingTransaction(DbTransaction transaction, FloorPlan plan, CancellationToken cancellationToken)
{
    private readonly DbConnection _connection = transaction.Connection!;

    /// <summary>Takes the tightest table that is free for the whole stay; null when none is.</summary>
    public async Task<Table?> TakeTableAsync(string bookingId, DateTime start, int partySize, string? preferred = null)
    {
        var slots = Slots.Between(start, start + plan.Duration).ToList();
        var occupied = (await _connection.QueryAsync<string>(Command(
            "SELECT DISTINCT resource FROM booking_slots WHERE slot >= @From AND slot <= @To",
            new { From = Slots.Write(slots[0]), To = Slots.Write(slots[^1]) }))).ToHashSet(StringComparer.Ordinal);
        foreach (var table in plan.For(partySize).OrderBy(t => t.Name != preferred).Where(t => !occupied.Contains(t.Name)))
        {
            if (await InsertSlotsAsync(bookingId, table, slots) == slots.Count)
                return table;

            // Another transaction was faster on some of the half hours.
            await ReleaseTableAsync(bookingId);
        }

        return null;
    }

    public Task ReleaseTableAsync(string bookingId) =>
        _connection.ExecuteAsync(Command("DELETE FROM booking_slots WHERE booking_id = @Id", new { Id = bookingId }));

    /// <summary>The booking that this very tool call has made before.</summary>
    public Task<Booking?> FindOfToolCallAsync(BookingDraft draft) =>
        FindAsync("call_id = @CallId AND tool_call_id = @ToolCallId", new { draft.CallId, draft.ToolCallId });

    /// <summary>The same wish in the same call under another id: a model asks again when the first answer got lost.</summary>
    public Task<Booking?> FindSameWishAsync(BookingDraft draft) => FindAsync(
        "call_id = @CallId AND starts_at = @StartsAt AND party_size = @PartySize AND name_key = @NameKey AND cancelled = 0",
        new { draft.CallId, StartsAt = Slots.Write(draft.StartsAt), PartySize = (long)draft.PartySize, NameKey = NameKey(draft.Name) });

    /// <summary>
    /// Takes the booking's row before anything of it is changed, and reads it: two changes of one booking would otherwise not see
    /// each other's new slots (PostgreSQL, READ COMMITTED) and leave both sets behind.
    /// </summary>
    public async Task<Booking?> LockAsync(string id)
    {
        await _connection.ExecuteAsync(Command("UPDATE bookings SET cancelled = cancelled WHERE id = @Id", new { Id = id }));
        return await FindAsync("id = @Id", new { Id = id });
    }

    /// <summary>False when the id or the tool call is already there.</summary>
    public async Task<bool> InsertAsync(string id, Table table, BookingDraft draft, DateTimeOffset now) =>
        await _connection.ExecuteAsync(Command(
            """
            INSERT INTO bookings (id, resource, starts_at, ends_at, party_size, name, name_key, phone, phone_key, cancelled, call_id, tool_call_id, created_at)
            VALUES (@Id, @Resource, @StartsAt, @EndsAt, @PartySize, @Name, @NameKey, @Phone, @PhoneKey, 0, @CallId, @ToolCallId, @CreatedAt)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                Id = id,
                Resource = table.Name,
                StartsAt = Slots.Write(draft.StartsAt),
                EndsAt = Slots.Write(draft.StartsAt + plan.Duration),
                PartySize = (long)draft.PartySize,
                draft.Name,
                NameKey = NameKey(draft.Name),
                draft.Phone,
                PhoneKey = PhoneNumber.Key(draft.Phone),
                draft.CallId,
                draft.ToolCallId,
                CreatedAt = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            })) == 1;

    public Task MoveAsync(string id, Table table, DateTime start, int partySize) => _connection.ExecuteAsync(Command(
        "UPDATE bookings SET resource = @Resource, starts_at = @StartsAt, ends_at = @EndsAt, party_size = @PartySize WHERE id = @Id",
        new { Id = id, Resource = table.Name, StartsAt = Slots.Write(start), EndsAt = Slots.Write(start + plan.Duration), PartySize = (long)partySize }));

    public Task MarkCancelledAsync(string id) =>
        _connection.ExecuteAsync(Command("UPDATE bookings SET cancelled = 1 WHERE id = @Id", new { Id = id }));

    /// <summary>
    /// The commit point: until here a cancelled tool call leaves nothing behind, from here on the booking stands
    /// and the caller has to be told so.
    /// </summary>
    public async Task CommitAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        await transaction.CommitAsync(CancellationToken.None);
    }

    public static string NameKey(string name) => name.Trim().ToLowerInvariant();

    private async Task<int> InsertSlotsAsync(string bookingId, Table table, List<DateTime> slots)
    {
        var parameters = new DynamicParameters();
        parameters.Add("Resource", table.Name);
        parameters.Add("Id", bookingId);
        for (var i = 0; i < slots.Count; i++)
            parameters.Add($"S{i}", Slots.Write(slots[i]));
        var rows = string.Join(", ", slots.Select((_, i) => $"(@Resource, @S{i}, @Id)"));
        return await _connection.ExecuteAsync(Command(
            $"INSERT INTO booking_slots (resource, slot, booking_id) VALUES {rows} ON CONFLICT DO NOTHING", parameters));
    }

    private async Task<Booking?> FindAsync(string condition, object parameters) =>
        (await _connection.QueryFirstOrDefaultAsync<BookingRow>(Command(
            $"SELECT {BookingRow.Columns} FROM bookings WHERE {condition}", parameters)))?.ToBooking();

    private CommandDefinition Command(string sql, object parameters) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
