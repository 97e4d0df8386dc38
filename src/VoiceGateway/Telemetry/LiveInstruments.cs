using System.Diagnostics.Metrics;

namespace VoiceGateway.Telemetry;

/// <summary>The instruments of the Live link, the watch over turns, and the bill.</summary>
internal sealed class LiveInstruments(Meter meter)
{
    // A rotation takes a tenth of a second, a reconnect with back-off up to half a minute.
    private static readonly double[] GapBuckets = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30];

    public Counter<long> Rotations { get; } = meter.CreateCounter<long>(GatewayDiagnostics.Rotations, "{rotation}", "planned changes of connection, by cause and outcome");

    public Counter<long> Reconnects { get; } = meter.CreateCounter<long>(GatewayDiagnostics.Reconnects, "{reconnect}", "connections replaced after a fault, by fault and outcome");

    public Histogram<double> Gap { get; } = meter.CreateHistogram(
        GatewayDiagnostics.LinkGap, "s", "from one connection to the next, by kind", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = GapBuckets });

    public Counter<double> AudioReplayed { get; } = meter.CreateCounter<double>(GatewayDiagnostics.AudioReplayed, "s", "caller audio sent again or late over a new connection");

    public Counter<double> AudioLost { get; } = meter.CreateCounter<double>(GatewayDiagnostics.LinkAudioLost, "s", "caller audio that no connection took");

    public Counter<long> Fallbacks { get; } = meter.CreateCounter<long>(GatewayDiagnostics.Fallbacks, "{fallback}", "sessions that moved to another route, by route");

    public Counter<long> QuotaRefusals { get; } = meter.CreateCounter<long>(GatewayDiagnostics.QuotaRefusals, "{call}", "calls not taken for want of a model session, by where the limit comes from");

    public Counter<long> Stalls { get; } = meter.CreateCounter<long>(GatewayDiagnostics.Stalls, "{stall}", "the model owed an answer, by cause and recovery step");

    public Counter<long> IdlePrompts { get; } = meter.CreateCounter<long>(GatewayDiagnostics.IdlePrompts, "{prompt}", "the caller said nothing for long, by step");

    public Counter<long> Fillers { get; } = meter.CreateCounter<long>(GatewayDiagnostics.Fillers, "{filler}", "phrases or tones played while a tool worked");

    public Counter<long> PhantomInterruptions { get; } = meter.CreateCounter<long>(GatewayDiagnostics.PhantomInterruptions, "{interruption}", "the model said interrupted although nobody spoke");

    public Counter<long> FalseAlarms { get; } = meter.CreateCounter<long>(GatewayDiagnostics.FalseAlarms, "{alarm}", "playout was ducked for what was no interruption");

    public Counter<long> Tokens { get; } = meter.CreateCounter<long>(GatewayDiagnostics.Tokens, "{token}", "by direction, modality and model");

    public Counter<double> Cost { get; } = meter.CreateCounter<double>(GatewayDiagnostics.Cost, "{currency}", "by the configured prices, by model and currency");
}
