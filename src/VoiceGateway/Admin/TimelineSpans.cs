using VoiceGateway.Calls;

namespace VoiceGateway.Admin;

/// <summary>The stretches of a timeline in which somebody else than the model was waited for, in ms.</summary>
internal sealed class TimelineSpans
{
    private readonly List<Span> _link = [];
    private readonly List<Span> _tools = [];

    public readonly record struct Span(double From, double To, string What)
    {
        public double Length => To - From;

        public double Within(double from, double to) => Math.Max(0, Math.Min(To, to) - Math.Max(From, from));
    }

    /// <summary>No connection: <c>rotation</c> or <c>reconnect</c>.</summary>
    public IReadOnlyList<Span> Link => _link;

    public static TimelineSpans Of(IReadOnlyList<CallRecords.Mark> timeline)
    {
        var spans = new TimelineSpans();
        double? lost = null;
        double asked = 0;
        var tools = 0;
        foreach (var mark in timeline)
        {
            switch (mark.Name)
            {
                case "link_lost":
                    lost ??= mark.Ms;
                    break;
                case "link_restored" when lost is { } from:
                    spans._link.Add(new(from, mark.Ms, "reconnect"));
                    lost = null;
                    break;
                case "rotated":
                    spans._link.Add(new(mark.Ms - (mark.Value ?? 0), mark.Ms, "rotation"));
                    break;
                case "tool_asked":
                    if (tools++ == 0) asked = mark.Ms;
                    break;
                case "tool_answered" or "tool_cancelled" when tools > 0:
                    if (--tools == 0) spans._tools.Add(new(asked, mark.Ms, "tool"));
                    break;
            }
        }
        if (timeline is not [.., var last]) return spans;
        if (lost is { } never) spans._link.Add(new(never, last.Ms, "reconnect"));
        if (tools > 0) spans._tools.Add(new(asked, last.Ms, "tool"));
        return spans;
    }

    public double LinkMs(double from, double to) => _link.Sum(s => s.Within(from, to));

    /// <summary>A tool that waits for the link is no reason of its own.</summary>
    public double ToolMs(double from, double to) => _tools.Sum(s =>
    {
        var (begin, end) = (Math.Max(s.From, from), Math.Min(s.To, to));
        return end <= begin ? 0 : end - begin - LinkMs(begin, end);
    });
}
