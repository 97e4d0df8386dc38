namespace VoiceGateway.Records;

/// <summary>A call as it stands in a list.</summary>
public sealed record CallSummary
{
    public required string Id { get; init; }

    public required string Direction { get; init; }

    public required string Caller { get; init; }

    public required string Called { get; init; }

    public required string Agent { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required string EndReason { get; init; }

    public string? Codec { get; init; }

    public double DurationSeconds { get; init; }

    public double TalkSeconds { get; init; }
}
