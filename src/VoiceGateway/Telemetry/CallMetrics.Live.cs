namespace VoiceGateway.Telemetry;

public sealed partial class CallMetrics
{
    /// <summary>A planned change of connection is over, well or badly.</summary>
    /// <param name="cause"><c>go_away</c>, <c>age</c>, …</param>
    /// <param name="outcome"><c>resumed</c>, <c>seeded</c> (a fresh session that was told the transcript), <c>failed</c>, …</param>
    public void Rotated(string cause, string outcome) => _live.Rotations.Add(1, new("cause", cause), new("outcome", outcome));

    /// <summary>A connection was lost to a fault, and what came of replacing it.</summary>
    /// <param name="fault">The kind of fault in snake case, from a closed list: never a reason text.</param>
    /// <param name="outcome"><c>resumed</c>, <c>seeded</c>, <c>failed</c>, …</param>
    public void Reconnected(string fault, string outcome) => _live.Reconnects.Add(1, new("fault", fault), new("outcome", outcome));

    /// <param name="kind"><c>rotation</c> or <c>fault</c>.</param>
    /// <param name="gap">From the last moment of one connection to <c>setupComplete</c> of the next.</param>
    public void LinkGap(string kind, TimeSpan gap) => _live.Gap.Record(gap.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>Caller audio that was kept and went over a new connection.</summary>
    public void LinkAudioReplayed(TimeSpan audio) => _live.AudioReplayed.Add(audio.TotalSeconds);

    /// <summary>Caller audio that was older than what is kept.</summary>
    public void LinkAudioLost(TimeSpan audio) => _live.AudioLost.Add(audio.TotalSeconds);

    /// <param name="route">The configured name of the route that is used from now on.</param>
    public void FellBack(string route) => _live.Fallbacks.Add(1, new KeyValuePair<string, object?>("route", route));

    /// <param name="source"><c>configured</c> or <c>learned</c> (from 429 or 1011).</param>
    public void QuotaRefused(string source) => _live.QuotaRefusals.Add(1, new KeyValuePair<string, object?>("source", source));

    /// <param name="cause"><c>no_audio</c>, <c>cut_short</c>, <c>deaf_after_tool</c>, <c>interrupted_without_effect</c>, …</param>
    /// <param name="step">What is done about it: <c>nudge</c>, <c>reconnect</c>, <c>give_up</c>, …</param>
    public void Stalled(string cause, string step) => _live.Stalls.Add(1, new("cause", cause), new("step", step));

    /// <param name="step"><c>prompt</c> or <c>goodbye</c>.</param>
    public void IdlePrompted(string step) => _live.IdlePrompts.Add(1, new KeyValuePair<string, object?>("step", step));

    public void FillerStarted() => _live.Fillers.Add(1);

    public void PhantomInterrupted() => _live.PhantomInterruptions.Add(1);

    /// <summary>Playout was ducked and came back: the caller had not interrupted.</summary>
    public void FalseAlarm() => _live.FalseAlarms.Add(1);

    /// <param name="model">As configured.</param>
    /// <param name="direction"><c>prompt</c>, <c>response</c>, <c>thoughts</c>, <c>tool_use</c>, <c>cached</c> (part of <c>prompt</c>).</param>
    /// <param name="modality"><c>TEXT</c>, <c>AUDIO</c>, …; from a closed list.</param>
    /// <param name="tokens">How many more than before.</param>
    public void TokensUsed(string model, string direction, string modality, long tokens) =>
        _live.Tokens.Add(tokens, new("direction", direction), new("modality", modality), new("model", model));

    /// <param name="model">As configured.</param>
    /// <param name="currency">As configured.</param>
    /// <param name="amount">How much more than before.</param>
    public void Cost(string model, string currency, decimal amount) => _live.Cost.Add((double)amount, new("model", model), new("currency", currency));
}
