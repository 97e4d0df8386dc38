using System.Data.Common;
using System.Globalization;

namespace VoiceGateway.Abstractions;

/// <summary>
/// Brings one component's tables up to date. The scripts are numbered by their place in the list: append, never edit.
/// Each must be SQL that SQLite and PostgreSQL both take; both run DDL inside the transaction.
/// </summary>
public static class SchemaMigrations
{
    private const int CreateAttempts = 5;

    /// <summary>
    /// Applies the scripts that this database has not seen, as far as the <paramref name="component"/> (the plugin's name)
    /// is concerned. Safe when several nodes start at once.
    /// </summary>
    public static async Task ApplyAsync(
        DbDataSource database, string component, IReadOnlyList<string> scripts, CancellationToken cancellationToken)
    {
        await CreateVersionTableAsync(database, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The update takes the row's lock on PostgreSQL, so that a second node waits here and then finds nothing to do.
        await ExecuteAsync("INSERT INTO schema_versions (component, version) VALUES (@component, 0) ON CONFLICT (component) DO NOTHING");
        await ExecuteAsync("UPDATE schema_versions SET version = version WHERE component = @component");
        await using var versionQuery = Command("SELECT version FROM schema_versions WHERE component = @component");
        var applied = Convert.ToInt32(await versionQuery.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        if (applied > scripts.Count)
        {
            throw new InvalidOperationException(
                $"The database's tables of '{component}' are of version {applied}; this program knows {scripts.Count}. A newer release has been at work: use it, or a copy of the database.");
        }

        for (var i = applied; i < scripts.Count; i++)
            await ExecuteAsync(scripts[i]);
        if (applied < scripts.Count)
            await ExecuteAsync($"UPDATE schema_versions SET version = {scripts.Count} WHERE component = @component");
        await transaction.CommitAsync(cancellationToken);

        DbCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            if (sql.Contains("@component", StringComparison.Ordinal))
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "@component";
                parameter.Value = component;
                command.Parameters.Add(parameter);
            }

            return command;
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = Command(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // On PostgreSQL, CREATE TABLE IF NOT EXISTS run by two nodes at the same moment fails in one of them
    // (both look before either has committed); the next look finds the table.
    private static async Task CreateVersionTableAsync(DbDataSource database, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = database.CreateCommand(
                    "CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version BIGINT NOT NULL)");
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (DbException) when (attempt < CreateAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), cancellationToken);
            }
        }
    }
}
