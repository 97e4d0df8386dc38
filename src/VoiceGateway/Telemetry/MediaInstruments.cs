using System.Diagnostics.Metrics;
using VoiceGateway.Rtp;

namespace VoiceGateway.Telemetry;

/// <summary>How calls sounded, once for each that was answered.</summary>
internal sealed class MediaInstruments
{
    // Where users are: dissatisfied, some of them, satisfied, very (ITU-T G.107 table B.1).
    private static readonly double[] MosBuckets = [2.58, 3.10, 3.60, 4.03, 4.20, 4.34, 4.4];
    private static readonly double[] DelayBuckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1];

    private readonly Histogram<double> _mos;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _jitter;

    public MediaInstruments(Meter meter)
    {
        _mos = meter.CreateHistogram(GatewayDiagnostics.CallMos, "{mos}", "mean opinion score by the E-model, by direction", advice: Buckets(MosBuckets));
        _roundTrip = meter.CreateHistogram(GatewayDiagnostics.RoundTrip, "s", "to the peer and back, by RTCP, as last measured in the call", advice: Buckets(DelayBuckets));
        _jitter = meter.CreateHistogram(GatewayDiagnostics.Jitter, "s", "interarrival jitter at the end of the call, by direction", advice: Buckets(DelayBuckets));
    }

    public void CallHeard(CallQuality quality, RtpStatistics rtp)
    {
        if (quality.Received is { } received)
        {
            _mos.Record(received.Mos, Direction("uplink"));
            _jitter.Record(rtp.JitterSeconds, Direction("uplink"));
        }
        if (quality.Sent is { } sent) _mos.Record(sent.Mos, Direction("downlink"));
        if (rtp.RemoteJitterSeconds is { } jitter) _jitter.Record(jitter, Direction("downlink"));
        if (rtp.RoundTrip is { } roundTrip) _roundTrip.Record(roundTrip.TotalSeconds);
    }

    private static KeyValuePair<string, object?> Direction(string direction) => new("direction", direction);

    private static InstrumentAdvice<double> Buckets(double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
