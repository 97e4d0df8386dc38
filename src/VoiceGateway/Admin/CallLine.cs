using VoiceGateway.Calls;
using VoiceGateway.Records;

namespace VoiceGateway.Admin;

/// <summary>A call in the list, running or ended.</summary>
public sealed record CallLine(
    string Id, string State, string Direction, string Caller, string Called, string Agent,
    DateTimeOffset StartedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, string? EndReason, string? Codec)
{
    public static CallLine From(Call call) => new(
        call.Id, SnakeCase.Of(call.State), SnakeCase.Of(call.Direction), call.CallerNumber, call.CalledNumber, call.Agent.Name,
        call.StartedAt, call.AnsweredAt, null, null, call.Codec);

    public static CallLine From(CallSummary call) => new(
        call.Id, nameof(CallState.Ended).ToLowerInvariant(), call.Direction, call.Caller, call.Called, call.Agent,
        call.StartedAt, call.AnsweredAt, call.EndedAt, call.EndReason, call.Codec);
}
