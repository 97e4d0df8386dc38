using VoiceGateway.Calls;

namespace VoiceGateway.Admin;

/// <summary>One answer of the agent, and where its latency went.</summary>
/// <param name="CallerStoppedMs">The caller's last voiced frame; null when the agent spoke unasked (the greeting).</param>
/// <param name="FirstModelAudioMs">The model's first audio of the answer.</param>
/// <param name="FirstRtpMs">Its first RTP packet.</param>
/// <param name="LatencyMs">From the caller's last voiced frame to the first RTP packet: what the caller waited.</param>
/// <param name="GatewayMs">From the model's first audio to the first RTP packet: this gateway's share of it.</param>
/// <param name="ToolMs">The part of the wait in which a tool worked.</param>
/// <param name="LinkMs">The part of the wait in which there was no connection with the model.</param>
/// <param name="ModelMs">The rest: the model's own.</param>
/// <param name="MadeBy">Who has the largest part of the wait: <c>model</c>, <c>tool</c>, <c>link</c> or <c>gateway</c>; null when nobody waited.</param>
public sealed record TurnView(
    double? CallerStoppedMs, double FirstModelAudioMs, double? FirstRtpMs, double? LatencyMs, double? GatewayMs,
    double? ToolMs = null, double? LinkMs = null, double? ModelMs = null, string? MadeBy = null)
{
    public static IReadOnlyList<TurnView> From(IReadOnlyList<CallRecords.Mark> timeline)
    {
        var turns = new List<TurnView>();
        var spans = TimelineSpans.Of(timeline);
        double? stopped = null;
        double? model = null;
        foreach (var mark in timeline)
        {
            switch (mark.Name)
            {
                case "speech_stopped":
                    stopped = mark.Ms;
                    break;
                case "first_model_audio":
                    model = mark.Ms;
                    break;
                case "first_reply_rtp" when model is { } first:
                    var turn = new TurnView(stopped, first, mark.Ms, Rounded(mark.Ms - stopped), Rounded(mark.Ms - first));
                    turns.Add(stopped is { } wait ? turn.Explained(spans.ToolMs(wait, first), spans.LinkMs(wait, first), Math.Max(0, first - wait)) : turn);
                    (stopped, model) = (null, null);
                    break;
            }
        }
        return turns;
    }

    private TurnView Explained(double tool, double link, double untilModel)
    {
        var model = Math.Max(0, untilModel - tool - link);
        (double Ms, string Who)[] parts = [(model, "model"), (tool, "tool"), (link, "link"), (GatewayMs ?? 0, "gateway")];
        return this with { ToolMs = Rounded(tool), LinkMs = Rounded(link), ModelMs = Rounded(model), MadeBy = parts.MaxBy(static p => p.Ms).Who };
    }

    private static double? Rounded(double? ms) => ms is { } value ? Math.Round(value, 2) : null;
}
