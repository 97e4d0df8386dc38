namespace VoiceGateway.Records;

/// <summary>A row of <c>tool_calls</c> as Dapper reads it.</summary>
internal sealed class ToolCallRow
{
    public const string Columns =
        """
        id AS Id, name AS Name, arguments AS Arguments, result AS Result, outcome AS Outcome,
        asked_ms AS AskedMs, answered_ms AS AnsweredMs
        """;

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string? Arguments { get; set; }

    public string? Result { get; set; }

    public string Outcome { get; set; } = "";

    public long AskedMs { get; set; }

    public long? AnsweredMs { get; set; }

    public ToolCallEntry ToEntry() => new(Id, Name, CallRow.Json(Arguments), CallRow.Json(Result), Outcome, AskedMs, AnsweredMs);
}
