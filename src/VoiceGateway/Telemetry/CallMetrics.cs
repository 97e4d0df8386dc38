using System.Diagnostics.Metrics;
using System.Text.Json;
using VoiceGateway.Rtp;

namespace VoiceGateway.Telemetry;

/// <summary>What is counted and timed about calls, in the words of the domain. Durations in seconds; a tag is never a number or an id.</summary>
public sealed partial class CallMetrics : IDisposable
{
    private static readonly double[] LatencyBuckets = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
    private static readonly double[] ShortBuckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25];

    private static readonly string[] Causes = [.. Enum.GetNames<LateTickCause>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private readonly Meter _meter;
    private readonly Counter<long> _started;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _setup;
    private readonly Histogram<double> _liveConnect;
    private readonly Histogram<double> _turnLatency;
    private readonly Counter<long> _bargeIns;
    private readonly Histogram<double> _flush;
    private readonly Counter<long> _underruns;
    private readonly Counter<double> _lost;
    private readonly Counter<long> _foreign;
    private long _underrunsSoFar;
    private readonly Counter<long> _toolCalls;
    private readonly Histogram<double> _toolDuration;
    private readonly LiveInstruments _live;
    private readonly MediaInstruments _media;

    public CallMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(GatewayDiagnostics.Name);
        _started = _meter.CreateCounter<long>(GatewayDiagnostics.CallsStarted, "{call}", "INVITEs taken and calls placed");
        _active = _meter.CreateUpDownCounter<long>(GatewayDiagnostics.CallsActive, "{call}");
        _ended = _meter.CreateCounter<long>(GatewayDiagnostics.CallsEnded, "{call}", "by reason and blame");
        _duration = _meter.CreateHistogram<double>(GatewayDiagnostics.CallDuration, "s", "from answer to end");
        _setup = _meter.CreateHistogram(GatewayDiagnostics.SetupDuration, "s", "from INVITE to answer", advice: Buckets(LatencyBuckets));
        _liveConnect = _meter.CreateHistogram(GatewayDiagnostics.LiveConnectDuration, "s", "from connecting to setupComplete", advice: Buckets(LatencyBuckets));
        _turnLatency = _meter.CreateHistogram(GatewayDiagnostics.TurnLatency, "s", "from the caller's last voiced frame to the first RTP of the reply", advice: Buckets(LatencyBuckets));
        _bargeIns = _meter.CreateCounter<long>(GatewayDiagnostics.BargeIns, "{interruption}", "by the signal that decided");
        _flush = _meter.CreateHistogram(GatewayDiagnostics.BargeInFlush, "s", "from the decision to the last stale RTP packet", advice: Buckets(ShortBuckets));
        _underruns = _meter.CreateCounter<long>(GatewayDiagnostics.Underruns, "{underrun}", "playout ran dry in a model turn");
        _lost = _meter.CreateCounter<double>(GatewayDiagnostics.LostAudio, "s", "caller audio that never arrived");
        _foreign = _meter.CreateCounter<long>(GatewayDiagnostics.ForeignPackets, "{packet}", "RTP and RTCP at a call's ports from sources that are not its peer, dropped");
        _toolCalls = _meter.CreateCounter<long>(GatewayDiagnostics.ToolCalls, "{call}", "by tool and outcome");
        _toolDuration = _meter.CreateHistogram(GatewayDiagnostics.ToolDuration, "s", "from asked to answered", advice: Buckets(LatencyBuckets));
        _live = new LiveInstruments(_meter);
        _media = new MediaInstruments(_meter);
    }

    /// <summary>Measured when somebody collects.</summary>
    public void Observe(MediaEngine media, RtpPortAllocator ports)
    {
        _meter.CreateObservableCounter(GatewayDiagnostics.ClockLateTicks, () => LateTicks(media), "{tick}", "ticks of the media clocks that came more than 5 ms late, by cause");
        _meter.CreateObservableUpDownCounter(GatewayDiagnostics.PortsInUse, () => ports.InUse, "{pair}");
    }

    public void CallStarted(string direction)
    {
        _started.Add(1, new KeyValuePair<string, object?>("direction", direction));
        _active.Add(1);
    }

    public void LiveConnected(TimeSpan took) => _liveConnect.Record(took.TotalSeconds);

    public void CallAnswered(TimeSpan setup) => _setup.Record(setup.TotalSeconds);

    public void CallEnded(string reason, string blame, TimeSpan? talked)
    {
        _active.Add(-1);
        _ended.Add(1, new("reason", reason), new("blame", blame));
        if (talked is { } time) _duration.Record(time.TotalSeconds);
    }

    /// <summary>An INVITE that never became a call.</summary>
    public void CallRefused(string reason, string blame) => _ended.Add(1, new("reason", reason), new("blame", blame));

    /// <summary>An answered call has ended, and sounded like this.</summary>
    public void CallHeard(CallQuality quality, RtpStatistics rtp) => _media.CallHeard(quality, rtp);

    public void TurnAnswered(TimeSpan latency) => _turnLatency.Record(latency.TotalSeconds);

    /// <param name="signal"><c>model</c> or <c>local</c>.</param>
    public void BargeIn(string signal) => _bargeIns.Add(1, new KeyValuePair<string, object?>("signal", signal));

    public void Flushed(TimeSpan took) => _flush.Record(took.TotalSeconds);

    public void PlayoutUnderrun()
    {
        Interlocked.Increment(ref _underrunsSoFar);
        _underruns.Add(1);
    }

    /// <summary>Since the start; the HTTP API shows it where no collector listens.</summary>
    public long UnderrunsSoFar => Interlocked.Read(ref _underrunsSoFar);

    public void AudioLost(int samples8kHz) => _lost.Add(samples8kHz / 8000.0);

    public void ForeignPackets(long packets) => _foreign.Add(packets);

    public void ToolCalled(string tool, string outcome, TimeSpan took)
    {
        _toolCalls.Add(1, new("tool", tool), new("outcome", outcome));
        _toolDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("tool", tool));
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> LateTicks(MediaEngine media) =>
        Enum.GetValues<LateTickCause>().Select(cause => new Measurement<long>(media.LateTicksBecause(cause), new KeyValuePair<string, object?>("cause", Causes[(int)cause])));

    private static InstrumentAdvice<double> Buckets(double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
