using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Records;

/// <summary>Keeps the records of calls. Everything here may wait for a disk: never call it from the audio path.</summary>
public sealed partial class CallRecordStore(Database database, TimeProvider time, ILogger<CallRecordStore> logger)
{
    public const int MaxPageSize = 500;

    // About twelve seconds in all: longer than a checkpoint, a failover's first half or a disk that wakes up.
    private static readonly TimeSpan[] RetryDelays =
    [
        TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6),
    ];

    private static readonly JsonSerializerOptions LogFormat = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ILogger _logger = logger;

    /// <summary>Brings the tables up to date; once, at start-up.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        SchemaMigrations.ApplyAsync(database.Source, RecordSchema.Component, RecordSchema.Migrations, cancellationToken);

    /// <summary>
    /// Writes a finished call in one transaction. A failure is retried for some seconds and then logged, with the record at
    /// Trace so that it is not lost; it is never thrown. Saving a call again replaces it.
    /// The token shortens the waits between attempts (the process is stopping); it does not break off an attempt.
    /// </summary>
    /// <returns>False when the record could not be written.</returns>
    public async Task<bool> SaveAsync(CallRecord record, CancellationToken cancellationToken)
    {
        // SQLite blocks the thread that it is called on: let it be one of the pool's.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await WriteAsync(record);
                LogSavedSensitive(record.Id, new RecordAsJson(record));
                return true;
            }
            catch (Exception e)
            {
                if (attempt == RetryDelays.Length || cancellationToken.IsCancellationRequested)
                {
                    LogLost(e, record.Id, attempt + 1);
                    LogLostSensitive(new RecordAsJson(record));
                    return false;
                }

                LogRetry(e, record.Id, RetryDelays[attempt].TotalSeconds);
            }

            // Cut short by the token, the next attempt is the last.
            await Task.Delay(RetryDelays[attempt], time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Newest first.</summary>
    /// <param name="limit">1 to <see cref="MaxPageSize"/>; anything else is brought into that range.</param>
    /// <param name="after">The <see cref="CallPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is no such text.</exception>
    public async Task<CallPage> ListAsync(int limit = 50, string? after = null, CancellationToken cancellationToken = default)
    {
        limit = Math.Clamp(limit, 1, MaxPageSize);
        var parameters = new DynamicParameters();
        parameters.Add("Limit", limit + 1);
        var condition = "";
        if (!string.IsNullOrEmpty(after))
        {
            if (!CallCursor.TryRead(after, out var startedAt, out var id))
                throw new FormatException("'after' is not what the page before gave as 'next'.");
            parameters.Add("StartedAt", startedAt);
            parameters.Add("Id", id);
            condition = "WHERE started_at < @StartedAt OR (started_at = @StartedAt AND id < @Id)";
        }

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<CallRow>(new CommandDefinition(
            $"SELECT {CallRow.SummaryColumns} FROM calls {condition} ORDER BY started_at DESC, id DESC LIMIT @Limit",
            parameters, cancellationToken: cancellationToken))).AsList();
        var calls = rows.Take(limit).Select(r => r.ToRecord().ToSummary()).ToList();
        return new CallPage(calls, rows.Count > limit ? CallCursor.Write(rows[limit - 1]) : null);
    }

    /// <summary>A whole record; null when there is none of that id.</summary>
    public async Task<CallRecord?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var call = await connection.QuerySingleOrDefaultAsync<CallRow>(
            Query($"SELECT {CallRow.AllColumns} FROM calls WHERE id = @Id"));
        if (call is null)
            return null;
        var transcript = await connection.QueryAsync<TranscriptRow>(
            Query($"SELECT {TranscriptRow.Columns} FROM transcript_entries WHERE call_id = @Id ORDER BY position"));
        var toolCalls = await connection.QueryAsync<ToolCallRow>(
            Query($"SELECT {ToolCallRow.Columns} FROM tool_calls WHERE call_id = @Id ORDER BY position"));
        var tokens = (await connection.QueryAsync<TokenRow>(
            Query($"SELECT {TokenRow.Columns} FROM call_tokens WHERE call_id = @Id ORDER BY direction, modality"))).AsList();
        var link = await connection.QueryAsync<LinkRow>(
            Query($"SELECT {LinkRow.Columns} FROM link_events WHERE call_id = @Id ORDER BY position"));
        var record = call.ToRecord();
        return record with
        {
            Transcript = [.. transcript.Select(static t => t.ToEntry())],
            ToolCalls = [.. toolCalls.Select(static t => t.ToEntry())],
            Usage = tokens.Count == 0 ? record.Usage : record.Usage with { Tokens = [.. tokens.Select(static t => t.ToCount())] },
            Link = [.. link.Select(static l => l.ToEntry())],
        };

        CommandDefinition Query(string sql) => new(sql, new { Id = id }, cancellationToken: cancellationToken);
    }

    /// <summary>Forgets calls that ended before a time, with their transcripts and tool calls.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DeleteEndedBeforeAsync(DateTimeOffset limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var deleted = await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM calls WHERE ended_at < @Limit", new { Limit = StoredTime.Write(limit) }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return deleted;
    }

    private async Task WriteAsync(CallRecord record)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await new CallRecordWriter(connection, transaction).WriteAsync(record);
        await transaction.CommitAsync();
    }

    // Formatted only if the level is on.
    private readonly struct RecordAsJson(CallRecord record)
    {
        public override string ToString() => JsonSerializer.Serialize(record, LogFormat);
    }

    [LoggerMessage(4001, LogLevel.Warning, "The record of call {CallId} could not be written; next attempt in {Seconds} s")]
    private partial void LogRetry(Exception exception, string callId, double seconds);

    [LoggerMessage(4002, LogLevel.Error, "The record of call {CallId} is not stored after {Attempts} attempts; its text follows at Trace")]
    private partial void LogLost(Exception exception, string callId, int attempts);

    [LoggerMessage(4004, LogLevel.Trace, "The record of call {CallId} is stored: {Record}")]
    private partial void LogSavedSensitive(string callId, RecordAsJson record);

    [LoggerMessage(4003, LogLevel.Trace, "Lost record: {Record}")]
    private partial void LogLostSensitive(RecordAsJson record);
}
