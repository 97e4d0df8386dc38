using System.Data.Common;
using Dapper;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Lookups;

/// <summary>The table <c>customers</c>, filled by first bookings.</summary>
internal sealed class CustomerStore(DbDataSource database)
{
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE customers (
            phone_key   TEXT PRIMARY KEY,
            phone       TEXT NOT NULL,
            name        TEXT NOT NULL,
            bookings    BIGINT NOT NULL,
            since       TEXT NOT NULL,
            last_booked TEXT NOT NULL
        )
        """,
    ];

    /// <summary>Both plugins that use the table call this; the second finds nothing to do.</summary>
    public static Task CreateTablesAsync(ToolPluginContext context, CancellationToken cancellationToken) =>
        SchemaMigrations.ApplyAsync(context.Database, "customers", Migrations, cancellationToken);

    public async Task<Customer?> FindAsync(string phone, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<CustomerRow>(new CommandDefinition(
            "SELECT phone AS Phone, name AS Name, bookings AS Bookings, since AS Since, last_booked AS LastBooked FROM customers WHERE phone_key = @Key",
            new { Key = PhoneNumber.Key(phone) },
            cancellationToken: cancellationToken));
        return row?.ToCustomer();
    }

    /// <summary>Counts a booking, in the booking's own transaction.</summary>
    public static Task CountBookingAsync(DbTransaction transaction, string phone, string name, DateOnly today, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO customers (phone_key, phone, name, bookings, since, last_booked)
            VALUES (@Key, @Phone, @Name, 1, @Today, @Today)
            ON CONFLICT (phone_key) DO UPDATE SET
                phone = excluded.phone, name = excluded.name, bookings = customers.bookings + 1, last_booked = excluded.last_booked
            """,
            new { Key = PhoneNumber.Key(phone), Phone = phone, Name = name, Today = Words.Date(today) },
            transaction,
            cancellationToken: cancellationToken));
}
