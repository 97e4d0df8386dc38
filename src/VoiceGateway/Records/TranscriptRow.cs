namespace VoiceGateway.Records;

/// <summary>A row of <c>transcript_entries</c> as Dapper reads it.</summary>
internal sealed class TranscriptRow
{
    public const string Columns =
        "speaker AS Speaker, text AS Text, started_ms AS StartedMs, heard_in_full AS HeardInFull, heard_text AS HeardText";

    public string Speaker { get; set; } = "";

    public string Text { get; set; } = "";

    public long StartedMs { get; set; }

    public long HeardInFull { get; set; }

    public string? HeardText { get; set; }

    public TranscriptEntry ToEntry() => new(Speaker, Text, StartedMs, HeardInFull != 0, HeardText);
}
