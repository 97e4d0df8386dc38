using VoiceGateway.Calls;

namespace VoiceGateway.Admin;

/// <summary>One answer of the agent, and where its latency went.</summary>
/// <param name="CallerStoppedMs">The caller's last voiced frame; null when the agent spoke unasked (the greeting).</param>
/// <param name="FirstModelAudioMs">The model's first audio of the answer.</param>
/// <param name="FirstRtpMs">Its first RTP packet.</param>
/// <param name="LatencyMs">From the caller's last voiced frame to the first RTP packet: what the caller waited.</param>
/// <param name="GatewayMs">From the model's first audio to the first RTP packet: this gateway's share of it.</param>
public sealed record TurnView(double? CallerStoppedMs, double FirstModelAudioMs, double? FirstRtpMs, double? LatencyMs, double? GatewayMs)
{
    public static IReadOnlyList<TurnView> From(IReadOnlyList<CallRecords.Mark> timeline)
    {
        var turns = new List<TurnView>();
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
                    turns.Add(new(stopped, first, mark.Ms, Rounded(mark.Ms - stopped), Rounded(mark.Ms - first)));
                    (stopped, model) = (null, null);
                    break;
            }
        }
        return turns;
    }

    private static double? Rounded(double? ms) => ms is { } value ? Math.Round(value, 2) : null;
}
