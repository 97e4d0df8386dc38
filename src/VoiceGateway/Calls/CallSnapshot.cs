using VoiceGateway.Records;
using VoiceGateway.Rtp;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>A call as the HTTP API shows it and the record keeps it. Offsets count from <see cref="StartedAt"/>.</summary>
public sealed record CallSnapshot
{
    public required string Id { get; init; }
    public required string SipCallId { get; init; }
    public required CallState State { get; init; }
    public required CallDirection Direction { get; init; }
    public required string Caller { get; init; }
    public required string Called { get; init; }
    public required string Agent { get; init; }
    public required string Model { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public TimeSpan? AnsweredAfter { get; init; }
    public TimeSpan? EndedAfter { get; init; }
    public CallEndReason? EndReason { get; init; }
    public string? EndDetail { get; init; }
    public string? Codec { get; init; }
    public string? Pipeline { get; init; }
    public string? Recording { get; init; }
    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];
    public IReadOnlyList<Utterance> Transcript { get; init; } = [];
    public IReadOnlyList<CallToolCall> ToolCalls { get; init; } = [];
    public RtpStatistics? Rtp { get; init; }
    public CallQuality? Quality { get; init; }
    public PlayoutStatistics? Playout { get; init; }
    public TokenUsage Usage { get; init; } = TokenUsage.None;

    /// <summary>In order of time: every connection and what became of it.</summary>
    public IReadOnlyList<LinkEvent> LinkEvents { get; init; } = [];

    /// <summary>What the watch over the conversation counted, by name in snake case: stalls, prompts, barge-ins, false alarms, …</summary>
    public IReadOnlyDictionary<string, long> Watch { get; init; } = new Dictionary<string, long>();
}
