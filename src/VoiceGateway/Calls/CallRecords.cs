using System.Text.Json;
using System.Text.Json.Serialization;
using VoiceGateway.Records;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>A call's snapshot as a record, and the record's JSON columns back.</summary>
public static class CallRecords
{
    /// <summary>What the record keeps in its media column beside the plain fields.</summary>
    public sealed record Details(
        string SipCallId, string Model, string? Pipeline, string? EndDetail, MediaStatistics? Rtp, PlayoutStatistics? Playout);

    /// <summary>One mark of the timeline, as stored and as served.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Ms">Milliseconds since the start of the call.</param>
    /// <param name="Value">A number that belongs to the mark; null when there is none.</param>
    public sealed record Mark([property: JsonPropertyName("mark")] string Name, double Ms, int? Value);

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static CallRecord From(CallSnapshot call) => new()
    {
        Id = call.Id,
        Direction = SnakeCase.Of(call.Direction),
        Caller = call.Caller,
        Called = call.Called,
        Agent = call.Agent,
        StartedAt = call.StartedAt,
        AnsweredAt = call.StartedAt + call.AnsweredAfter,
        EndedAt = call.StartedAt + (call.EndedAfter ?? TimeSpan.Zero),
        EndReason = (call.EndReason ?? CallEndReason.InternalError).Meaning().Tag,
        Codec = call.Codec,
        Recording = call.Recording,
        Usage = call.Usage,
        Media = JsonSerializer.SerializeToElement(new Details(call.SipCallId, call.Model, call.Pipeline, call.EndDetail, MediaStatistics.From(call.Rtp, call.Quality), call.Playout), Json),
        Timeline = JsonSerializer.SerializeToElement(Marks(call.Timeline), Json),
        Transcript = [.. call.Transcript.Select(ToEntry)],
        ToolCalls = [.. call.ToolCalls.Select(ToEntry)],
        Link = [.. call.LinkEvents.Select(static e => new LinkEntry((long)e.At.TotalMilliseconds, e.Kind, e.Cause, Math.Round(e.GapMs, 2), e.Route))],
        Watch = call.Watch,
    };

    public static IReadOnlyList<Mark> Marks(IEnumerable<TimelineEntry> timeline) =>
        [.. timeline.Select(static e => new Mark(SnakeCase.Of(e.Mark), Math.Round(e.Offset.TotalMilliseconds, 2), e.Value == 0 ? null : e.Value))];

    private static TranscriptEntry ToEntry(Utterance said)
    {
        var heardInFull = said.HeardText.Length == said.Text.Length;
        return new(SnakeCase.Of(said.Speaker), said.Text, (long)said.Offset.TotalMilliseconds, heardInFull, heardInFull ? null : said.HeardText);
    }

    private static ToolCallEntry ToEntry(CallToolCall call) => new(
        call.Id, call.Name, call.Arguments, call.Result, call.Outcome ?? "unfinished", (long)call.AskedAt.TotalMilliseconds, (long?)call.AnsweredAt?.TotalMilliseconds);
}
