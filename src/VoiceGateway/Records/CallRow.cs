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
        cost_nano AS CostNano, cost_currency AS CostCurrency, cost_unpriced_tokens AS CostUnpricedTokens, usage_turns AS UsageTurns,
        watch AS Watch, media AS Media, timeline AS Timeline
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

    public long? CostNano { get; set; }

    public string? CostCurrency { get; set; }

    public long? CostUnpricedTokens { get; set; }

    public string? UsageTurns { get; set; }

    public string? Watch { get; set; }

    public string? Media { get; set; }

    public string? Timeline { get; set; }

    /// <summary>What the row itself has; transcript, tool calls, tokens and link stand in tables of their own.</summary>
    public CallRecord ToRecord() => new()
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
        Usage = new TokenUsage
        {
            Tokens = TokensWithoutModality(),
            Turns = UsageTurns is null ? [] : JsonSerializer.Deserialize<TurnUsage[]>(UsageTurns, Format)!,
            Cost = CostNano is { } nano ? TokenCost.FromNano(nano, CostCurrency!, CostUnpricedTokens ?? 0) : null,
        },
        Watch = Watch is null ? new Dictionary<string, long>() : JsonSerializer.Deserialize<Dictionary<string, long>>(Watch, Format)!,
        Media = Json(Media),
        Timeline = Json(Timeline),
    };

    /// <summary>The shape of this row's JSON columns.</summary>
    internal static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    // All there is of a call from before tokens were kept by modality.
    private IReadOnlyList<TokenCount> TokensWithoutModality() =>
        [.. new TokenCount[] { new("prompt", "UNSPECIFIED", PromptTokens), new("response", "UNSPECIFIED", ResponseTokens) }.Where(static t => t.Tokens > 0)];

    internal static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
