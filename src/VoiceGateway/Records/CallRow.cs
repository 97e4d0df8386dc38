using System.Text.Json;

namespace VoiceGateway.Records;

/// <summary>A row of <c>calls</c> as Dapper reads it.</summary>
internal sealed class CallRow
{
    public const string SummaryColumns =
        """
        id AS Id, direction AS Direction, caller AS Caller, called AS Called, agent AS Agent,
        started_at AS StartedAt, answered_at AS AnsweredAt, ended_at AS EndedAt, end_reason AS EndReason, codec AS Codec
        """;

    public const string AllColumns =
        $"""
        {SummaryColumns}, recording AS Recording, prompt_tokens AS PromptTokens, response_tokens AS ResponseTokens,
        total_tokens AS TotalTokens, media AS Media, timeline AS Timeline
        """;

    public string Id { get; set; } = "";

    public string Direction { get; set; } = "";

    public string Caller { get; set; } = "";

    public string Called { get; set; } = "";

    public string Agent { get; set; } = "";

    public string StartedAt { get; set; } = "";

    public string? AnsweredAt { get; set; }

    public string EndedAt { get; set; } = "";

    public string EndReason { get; set; } = "";

    public string? Codec { get; set; }

    public string? Recording { get; set; }

    public long PromptTokens { get; set; }

    public long ResponseTokens { get; set; }

    public long TotalTokens { get; set; }

    public string? Media { get; set; }

    public string? Timeline { get; set; }

    public CallRecord ToRecord(IReadOnlyList<TranscriptEntry> transcript, IReadOnlyList<ToolCallEntry> toolCalls) => new()
    {
        Id = Id,
        Direction = Direction,
        Caller = Caller,
        Called = Called,
        Agent = Agent,
        StartedAt = StoredTime.Read(StartedAt),
        AnsweredAt = AnsweredAt is null ? null : StoredTime.Read(AnsweredAt),
        EndedAt = StoredTime.Read(EndedAt),
        EndReason = EndReason,
        Codec = Codec,
        Recording = Recording,
        Usage = new TokenUsage { Tokens = [new("prompt", "UNSPECIFIED", PromptTokens), new("response", "UNSPECIFIED", ResponseTokens)] },
        Media = Json(Media),
        Timeline = Json(Timeline),
        Transcript = transcript,
        ToolCalls = toolCalls,
    };

    internal static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
