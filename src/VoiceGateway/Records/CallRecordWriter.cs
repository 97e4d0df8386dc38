using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace VoiceGateway.Records;

/// <summary>The SQL that writes one call, in the caller's transaction.</summary>
internal sealed class CallRecordWriter(DbConnection connection, DbTransaction transaction)
{
    private const string InsertCall =
        """
        INSERT INTO calls (id, direction, caller, called, agent, started_at, answered_at, ended_at, end_reason, codec, recording,
            duration_seconds, talk_seconds, prompt_tokens, response_tokens, total_tokens,
            cost_nano, cost_currency, cost_unpriced_tokens, usage_turns, watch, media, timeline)
        VALUES (@Id, @Direction, @Caller, @Called, @Agent, @StartedAt, @AnsweredAt, @EndedAt, @EndReason, @Codec, @Recording,
            @DurationSeconds, @TalkSeconds, @Prompt, @Response, @Total,
            @CostNano, @CostCurrency, @CostUnpricedTokens, @UsageTurns, @Watch, @Media, @Timeline)
        """;

    private const string InsertEntry =
        """
        INSERT INTO transcript_entries (call_id, position, speaker, text, started_ms, heard_in_full, heard_text)
        VALUES (@CallId, @Position, @Speaker, @Text, @StartedMs, @HeardInFull, @HeardText)
        """;

    private const string InsertToolCall =
        """
        INSERT INTO tool_calls (call_id, position, id, name, arguments, result, outcome, asked_ms, answered_ms)
        VALUES (@CallId, @Position, @Id, @Name, @Arguments, @Result, @Outcome, @AskedMs, @AnsweredMs)
        """;

    private const string InsertTokens = "INSERT INTO call_tokens (call_id, direction, modality, tokens) VALUES (@CallId, @Direction, @Modality, @Tokens)";

    private const string InsertLinkEvent =
        """
        INSERT INTO link_events (call_id, position, at_ms, kind, cause, gap_ms, route)
        VALUES (@CallId, @Position, @AtMs, @Kind, @Cause, @GapMs, @Route)
        """;

    /// <summary>Replaces what is there: a commit whose confirmation was lost is repeated.</summary>
    public async Task WriteAsync(CallRecord call)
    {
        await ExecuteAsync("DELETE FROM calls WHERE id = @Id", new { call.Id });
        await ExecuteAsync(InsertCall, new
        {
            call.Id,
            call.Direction,
            Caller = Text(call.Caller),
            Called = Text(call.Called),
            call.Agent,
            StartedAt = StoredTime.Write(call.StartedAt),
            AnsweredAt = StoredTime.Write(call.AnsweredAt),
            EndedAt = StoredTime.Write(call.EndedAt),
            call.EndReason,
            call.Codec,
            call.Recording,
            call.DurationSeconds,
            call.TalkSeconds,
            call.Usage.Prompt,
            call.Usage.Response,
            call.Usage.Total,
            CostNano = call.Usage.Cost?.ToNano(),
            CostCurrency = call.Usage.Cost?.Currency,
            CostUnpricedTokens = call.Usage.Cost?.UnpricedTokens,
            UsageTurns = call.Usage.Turns.Count == 0 ? null : JsonSerializer.Serialize(call.Usage.Turns, CallRow.Format),
            Watch = call.Watch.Count == 0 ? null : JsonSerializer.Serialize(call.Watch, CallRow.Format),
            Media = Json(call.Media),
            Timeline = Json(call.Timeline),
        });
        await ExecuteAsync(InsertEntry, call.Transcript.Select((entry, position) => new
        {
            CallId = call.Id,
            Position = (long)position,
            entry.Speaker,
            Text = Text(entry.Text),
            entry.StartedMs,
            HeardInFull = entry.HeardInFull ? 1L : 0L,
            HeardText = Text(entry.HeardText),
        }));
        await ExecuteAsync(InsertToolCall, call.ToolCalls.Select((tool, position) => new
        {
            CallId = call.Id,
            Position = (long)position,
            Id = Text(tool.Id),
            Name = Text(tool.Name),
            Arguments = Json(tool.Arguments),
            Result = Json(tool.Result),
            tool.Outcome,
            tool.AskedMs,
            tool.AnsweredMs,
        }));
        await ExecuteAsync(InsertTokens, call.Usage.Tokens.Select(count => new { CallId = call.Id, count.Direction, count.Modality, count.Tokens }));
        await ExecuteAsync(InsertLinkEvent, call.Link.Select((at, position) => new
        {
            CallId = call.Id,
            Position = (long)position,
            at.AtMs,
            at.Kind,
            at.Cause,
            at.GapMs,
            at.Route,
        }));
    }

    private Task ExecuteAsync(string sql, object parameters) =>
        connection.ExecuteAsync(sql, parameters, transaction);

    private static string? Json(JsonElement? json) => json is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : null;

    // PostgreSQL's TEXT has no NUL, and a peer or a model may send one. (JSON text has it escaped.)
    private static string? Text(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
