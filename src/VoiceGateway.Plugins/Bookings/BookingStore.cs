using System.Data.Common;
using Dapper;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Lookups;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>Bookings in the database. Every change is one transaction; see <see cref="BookingSchema"/> for why none can collide.</summary>
internal sealed class BookingStore(DbDataSource database, FloorPlan plan, OpeningHours hours, TimeProvider time)
{
    private const int Attempts = 6;
    private const int MostFound = 5;

    /// <summary>Books the tightest free table; null when there is none. Repeated, it returns the booking that is there.</summary>
    public Task<(Booking Booking, bool WasThere)?> CreateAsync(BookingDraft draft, CancellationToken cancellationToken) =>
        InTransactionAsync<(Booking, bool)?>(
            async (transaction, sql) =>
            {
                if (await sql.FindOfToolCallAsync(draft) is { } repeated)
                    return (repeated, true);
                if (await sql.FindSameWishAsync(draft) is { } same)
                    return (same, true);
                var id = BookingId.Create();
                if (await sql.TakeTableAsync(id, draft.StartsAt, draft.PartySize) is not { } table)
                    return null;
                if (!await sql.InsertAsync(id, table, draft, time.GetUtcNow()))
                    throw new BookingCollisionException();
                await CustomerStore.CountBookingAsync(transaction, draft.Phone, draft.Name, hours.Today, cancellationToken);
                await sql.CommitAsync();
                return (new Booking(id, table.Name, draft.StartsAt, draft.StartsAt + plan.Duration, draft.PartySize, draft.Name, draft.Phone, false), false);
            },
            cancellationToken);

    /// <summary>Moves a booking; null when no table is free then, and the booking stays as it was.</summary>
    public Task<Booking?> ChangeAsync(Booking booking, DateTime start, int partySize, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async (_, sql) =>
            {
                if (await sql.LockAsync(booking.Id) is not { IsCancelled: false })
                    throw new ToolException($"The booking {BookingId.Spell(booking.Id)} has been cancelled meanwhile.");
                await sql.ReleaseTableAsync(booking.Id);
                if (await sql.TakeTableAsync(booking.Id, start, partySize, preferred: booking.Table) is not { } table)
                    return null;
                await sql.MoveAsync(booking.Id, table, start, partySize);
                await sql.CommitAsync();
                return booking with { Table = table.Name, StartsAt = start, EndsAt = start + plan.Duration, PartySize = partySize };
            },
            cancellationToken);

    public Task CancelAsync(Booking booking, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async (_, sql) =>
            {
                await sql.LockAsync(booking.Id);
                await sql.ReleaseTableAsync(booking.Id);
                await sql.MarkCancelledAsync(booking.Id);
                await sql.CommitAsync();
                return true;
            },
            cancellationToken);

    public async Task<Booking?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await QueryAsync("id = @Id", new { Id = id }, cancellationToken)).FirstOrDefault();

    /// <summary>Bookings that are not over, the next one first.</summary>
    public Task<IReadOnlyList<Booking>> FindUpcomingAsync(string? name, string? phone, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters();
        parameters.Add("Now", Slots.Write(hours.Now));
        var condition = "cancelled = 0 AND ends_at > @Now";
        if (name is not null)
        {
            parameters.Add("Name", $"%{EscapeLike(BookingTransaction.NameKey(name))}%");
            condition += @" AND name_key LIKE @Name ESCAPE '\'";
        }

        if (phone is not null)
        {
            parameters.Add("Phone", PhoneNumber.Key(phone));
            condition += " AND phone_key = @Phone";
        }

        return QueryAsync(condition, parameters, cancellationToken);
    }

    /// <summary>What is taken between two times; a booking that is about to be moved does not stand in its own way.</summary>
    public async Task<Availability> ReadAvailabilityAsync(DateTime from, DateTime to, string? ignoredBookingId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Resource, string Slot)>(new CommandDefinition(
            "SELECT resource, slot FROM booking_slots WHERE slot >= @From AND slot < @To AND booking_id <> @Ignored",
            new { From = Slots.Write(from), To = Slots.Write(to), Ignored = ignoredBookingId ?? "" },
            cancellationToken: cancellationToken));
        return new Availability(plan, hours, [.. rows.Select(r => (r.Resource, Slots.Read(r.Slot)))]);
    }

    private async Task<IReadOnlyList<Booking>> QueryAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<BookingRow>(new CommandDefinition(
            $"SELECT {BookingRow.Columns} FROM bookings WHERE {condition} ORDER BY starts_at, id LIMIT {MostFound}",
            parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToBooking())];
    }

    // What the body did not commit is rolled back when the transaction is disposed of.
    private async Task<T> InTransactionAsync<T>(
        Func<DbTransaction, BookingTransaction, Task<T>> body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                return await body(transaction, new BookingTransaction(transaction, plan, cancellationToken));
            }
            catch (Exception e) when (attempt < Attempts && IsWorthRepeating(e))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), time, cancellationToken);
            }
        }
    }

    // PostgreSQL calls deadlocks (40P01) and serialization failures transient; nothing of the attempt remains.
    private static bool IsWorthRepeating(Exception e) => e is BookingCollisionException or DbException { IsTransient: true };

    private static string EscapeLike(string text) => text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");
}
