using System.Text.Json;
using VoiceGateway.Calls;
using VoiceGateway.Records;

namespace VoiceGateway.Admin;

/// <summary>A call in <c>GET /api/calls/{id}</c>, running or ended: the same shape for both. Times in ms count from <see cref="StartedAt"/>.</summary>
public sealed record CallView
{
    public required string Id { get; init; }
    public string? SipCallId { get; init; }
    public required string State { get; init; }
    public required string Direction { get; init; }
    public required string Caller { get; init; }
    public required string Called { get; init; }
    public required string Agent { get; init; }
    public string? Model { get; init; }
    public string? Codec { get; init; }

    /// <summary>The crypto suite that the audio is encrypted with (SRTP); null: it is not.</summary>
    public string? Srtp { get; init; }
    public string? Pipeline { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? EndReason { get; init; }
    public string? EndDetail { get; init; }
    public string? Recording { get; init; }
    public IReadOnlyList<CallRecords.Mark> Timeline { get; init; } = [];
    public IReadOnlyList<TurnView> Turns { get; init; } = [];
    public IReadOnlyList<TranscriptEntry> Transcript { get; init; } = [];
    public IReadOnlyList<ToolCallEntry> ToolCalls { get; init; } = [];
    public object? Rtp { get; init; }
    public object? Playout { get; init; }
    public TokenUsage Usage { get; init; } = TokenUsage.None;

    /// <summary>Connections with the model, their rotations and faults.</summary>
    public IReadOnlyList<LinkEntry> Link { get; init; } = [];

    /// <summary>The routes that were used, in order of their first use.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Silences that the caller heard or the model did not hear through, and who made each.</summary>
    public IReadOnlyList<GapView> Gaps { get; init; } = [];

    /// <summary>What the watch over the conversation counted.</summary>
    public IReadOnlyDictionary<string, long> Watch { get; init; } = new Dictionary<string, long>();

    public static CallView From(CallSnapshot call) =>
        From(CallRecords.From(call), call.State) with { EndedAt = call.StartedAt + call.EndedAfter, EndReason = call.EndReason?.Meaning().Tag };

    public static CallView From(CallRecord record, CallState state = CallState.Ended)
    {
        var details = record.Media?.Deserialize<CallRecords.Details>(CallRecords.Json);
        var marks = record.Timeline?.Deserialize<IReadOnlyList<CallRecords.Mark>>(CallRecords.Json) ?? [];
        return new CallView
        {
            Id = record.Id,
            SipCallId = details?.SipCallId,
            State = SnakeCase.Of(state),
            Direction = record.Direction,
            Caller = record.Caller,
            Called = record.Called,
            Agent = record.Agent,
            Model = details?.Model,
            Codec = record.Codec,
            Srtp = details?.Rtp?.Srtp,
            Pipeline = details?.Pipeline,
            StartedAt = record.StartedAt,
            AnsweredAt = record.AnsweredAt,
            EndedAt = record.EndedAt,
            EndReason = record.EndReason,
            EndDetail = details?.EndDetail,
            Recording = record.Recording,
            Timeline = marks,
            Turns = TurnView.From(marks),
            Transcript = record.Transcript,
            ToolCalls = record.ToolCalls,
            Rtp = details?.Rtp,
            Playout = details?.Playout,
            Usage = record.Usage,
            Link = record.Link,
            Routes = [.. record.Link.Where(static l => l.Route is not null).Select(static l => l.Route!).Distinct()],
            Gaps = GapView.From(marks),
            Watch = record.Watch,
        };
    }
}
