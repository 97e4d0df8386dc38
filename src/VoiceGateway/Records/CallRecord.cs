using System.Text.Json;

namespace VoiceGateway.Records;

/// <summary>All that is kept of a call: written once, when it has ended.</summary>
public sealed record CallRecord
{
    public required string Id { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>.</summary>
    public required string Direction { get; init; }

    public required string Caller { get; init; }

    public required string Called { get; init; }

    public required string Agent { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null for a call that was never answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required string EndReason { get; init; }

    /// <summary>As in SDP: <c>PCMU</c>.</summary>
    public string? Codec { get; init; }

    /// <summary>The file of the stereo recording, when there is one.</summary>
    public string? Recording { get; init; }

    public TokenUsage Usage { get; init; } = TokenUsage.None;

    /// <summary>RTP statistics, a JSON object.</summary>
    public JsonElement? Media { get; init; }

    /// <summary>The turn timeline, JSON.</summary>
    public JsonElement? Timeline { get; init; }

    public IReadOnlyList<TranscriptEntry> Transcript { get; init; } = [];

    public IReadOnlyList<ToolCallEntry> ToolCalls { get; init; } = [];

    /// <summary>The connections with the model, their rotations and faults, in order of time.</summary>
    public IReadOnlyList<LinkEntry> Link { get; init; } = [];

    /// <summary>What the watch over the conversation counted, by name.</summary>
    public IReadOnlyDictionary<string, long> Watch { get; init; } = new Dictionary<string, long>();

    /// <summary>From INVITE to the end.</summary>
    public double DurationSeconds => Math.Max(0, (EndedAt - StartedAt).TotalSeconds);

    /// <summary>From answer to the end.</summary>
    public double TalkSeconds => AnsweredAt is { } answered ? Math.Max(0, (EndedAt - answered).TotalSeconds) : 0;

    public CallSummary ToSummary() => new()
    {
        Id = Id,
        Direction = Direction,
        Caller = Caller,
        Called = Called,
        Agent = Agent,
        StartedAt = StartedAt,
        AnsweredAt = AnsweredAt,
        EndedAt = EndedAt,
        EndReason = EndReason,
        Codec = Codec,
        DurationSeconds = DurationSeconds,
        TalkSeconds = TalkSeconds,
    };
}
