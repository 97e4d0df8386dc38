using VoiceGateway.Calls;

namespace VoiceGateway.Admin;

/// <summary>A silence that the caller heard, or that the model could not hear through.</summary>
/// <param name="FromMs">Where it begins.</param>
/// <param name="LengthMs">Null when the timeline does not tell.</param>
/// <param name="MadeBy"><c>model</c>, <c>tool</c>, <c>link</c> (rotation or fault), <c>network</c> (RTP) or <c>gateway</c>.</param>
/// <param name="What"><c>answer</c> (a slow one), <c>underrun</c>, <c>rotation</c>, <c>reconnect</c>, <c>lost_rtp</c>.</param>
public sealed record GapView(double FromMs, double? LengthMs, string MadeBy, string What)
{
    /// <summary>Callers take a longer wait for a silence.</summary>
    public const double SlowAnswerMs = 1000;

    // RTP clock units: 8 kHz.
    private const double SamplesPerMs = 8;

    public static IReadOnlyList<GapView> From(IReadOnlyList<CallRecords.Mark> timeline)
    {
        var spans = TimelineSpans.Of(timeline);
        var answers = TurnView.From(timeline)
            .Where(static t => t.LatencyMs >= SlowAnswerMs)
            .Select(static t => new GapView(t.CallerStoppedMs!.Value, t.LatencyMs, t.MadeBy!, "answer"));
        var link = spans.Link.Select(static s => new GapView(s.From, Math.Round(s.Length, 2), "link", s.What));
        var underruns = timeline
            .Where(static m => m.Name == "underrun")
            .Select(m => new GapView(m.Ms, null, spans.Link.Any(s => s.From <= m.Ms && m.Ms <= s.To) ? "link" : "model", "underrun"));
        var lost = timeline
            .Where(static m => m.Name == "loss")
            .Select(static m => new GapView(m.Ms - (m.Value ?? 0) / SamplesPerMs, (m.Value ?? 0) / SamplesPerMs, "network", "lost_rtp"));
        return [.. answers.Concat(link).Concat(underruns).Concat(lost).OrderBy(static g => g.FromMs)];
    }
}
