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
        // Tokens by kind, the bill in billionths of the currency (a token's price is a fraction of a millionth), and what became of the
        // link with the model. usage_turns and watch are JSON: they are read whole. cost is absent where there was no price.
        """
        ALTER TABLE calls ADD COLUMN cost_nano BIGINT;
        ALTER TABLE calls ADD COLUMN cost_currency TEXT;
        ALTER TABLE calls ADD COLUMN cost_unpriced_tokens BIGINT;
        ALTER TABLE calls ADD COLUMN usage_turns TEXT;
        ALTER TABLE calls ADD COLUMN watch TEXT;

        CREATE TABLE call_tokens (
            call_id   TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            direction TEXT NOT NULL,
            modality  TEXT NOT NULL,
            tokens    BIGINT NOT NULL,
            PRIMARY KEY (call_id, direction, modality)
        );

        CREATE TABLE link_events (
            call_id  TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            position BIGINT NOT NULL,
            at_ms    BIGINT NOT NULL,
            kind     TEXT NOT NULL,
            cause    TEXT NOT NULL,
            gap_ms   DOUBLE PRECISION NOT NULL,
            route    TEXT,
            PRIMARY KEY (call_id, position)
        );
        """,
    ];
}
