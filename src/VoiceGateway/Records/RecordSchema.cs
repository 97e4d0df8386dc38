namespace VoiceGateway.Records;

/// <summary>
/// The tables, in SQL that SQLite and PostgreSQL both take. Times are UTC text of one width ("2026-09-25T17:30:00.000Z"),
/// which sorts as it reads; whole numbers are BIGINT, so that both databases return the same type.
/// </summary>
internal static class RecordSchema
{
    public const string Component = "records";

    /// <summary>Append, never edit.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE calls (
            id               TEXT PRIMARY KEY,
            direction        TEXT NOT NULL,
            caller           TEXT NOT NULL,
            called           TEXT NOT NULL,
            agent            TEXT NOT NULL,
            started_at       TEXT NOT NULL,
            answered_at      TEXT,
            ended_at         TEXT NOT NULL,
            end_reason       TEXT NOT NULL,
            codec            TEXT,
            recording        TEXT,
            duration_seconds DOUBLE PRECISION NOT NULL,
            talk_seconds     DOUBLE PRECISION NOT NULL,
            prompt_tokens    BIGINT NOT NULL,
            response_tokens  BIGINT NOT NULL,
            total_tokens     BIGINT NOT NULL,
            media            TEXT,
            timeline         TEXT
        );
        CREATE INDEX calls_by_start ON calls (started_at, id);

        CREATE TABLE transcript_entries (
            call_id       TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            position      BIGINT NOT NULL,
            speaker       TEXT NOT NULL,
            text          TEXT NOT NULL,
            started_ms    BIGINT NOT NULL,
            heard_in_full BIGINT NOT NULL,
            heard_text    TEXT,
            PRIMARY KEY (call_id, position)
        );

        CREATE TABLE tool_calls (
            call_id     TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            position    BIGINT NOT NULL,
            id          TEXT NOT NULL,
            name        TEXT NOT NULL,
            arguments   TEXT,
            result      TEXT,
            outcome     TEXT NOT NULL,
            asked_ms    BIGINT NOT NULL,
            answered_ms BIGINT,
            PRIMARY KEY (call_id, position)
        );
        """,
    ];
}
