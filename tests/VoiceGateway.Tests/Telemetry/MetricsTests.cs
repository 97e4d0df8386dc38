using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Rtp;
using VoiceGateway.Telemetry;

namespace VoiceGateway.Tests.Telemetry;

/// <summary>Names of metrics are a contract: what is written about them is what there is.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task Documentation_ListsEveryInstrumentWithItsUnit()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var published = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) published[instrument.Name] = instrument.Unit ?? "";
        };
        listener.Start();
        using var metrics = new CallMetrics(factory);
        await using var media = new MediaEngine();
        var ports = new RtpPortAllocator(20000, 20001, TimeProvider.System, TimeSpan.Zero);
        metrics.Observe(media, ports);

        var documented = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match row in MetricRow().Matches(File.ReadAllText(OperationsPage()))) documented[row.Groups[1].Value] = row.Groups[2].Value;
        Assert.Equal(published.Select(static m => $"{m.Key} {m.Value}"), documented.Select(static m => $"{m.Key} {m.Value}"));

        var names = typeof(GatewayDiagnostics).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(static f => f.IsLiteral && f.Name != nameof(GatewayDiagnostics.Name)).Select(static f => (string)f.GetRawConstantValue()!);
        Assert.Equal(published.Keys, names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Verbs_EachMovesItsInstrument()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => seen.Add(Line(i, value, tags)));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => seen.Add(Line(i, value, tags)));
        listener.Start();
        using var metrics = new CallMetrics(factory);
        metrics.CallHeard(
            new CallQuality(new StreamQuality(4.25, 88, 0.5, 1, 60), new StreamQuality(3.5, 68, 4, 1, 90)),
            new RtpStatistics { JitterSeconds = 0.003, RoundTrip = TimeSpan.FromMilliseconds(80) });
        metrics.Rotated("go_away", "resumed");
        metrics.Reconnected("dropped", "seeded");
        metrics.LinkGap("rotation", TimeSpan.FromMilliseconds(250));
        metrics.LinkAudioReplayed(TimeSpan.FromMilliseconds(500));
        metrics.LinkAudioLost(TimeSpan.FromMilliseconds(20));
        metrics.FellBack("europe");
        metrics.QuotaRefused("learned");
        metrics.Stalled("no_audio", "nudge");
        metrics.IdlePrompted("goodbye");
        metrics.FillerStarted();
        metrics.PhantomInterrupted();
        metrics.FalseAlarm();
        metrics.TokensUsed("m", "prompt", "AUDIO", 7);
        metrics.Cost("m", "EUR", 0.25m);
        metrics.ForeignPackets(12);
        Assert.Equal(
        [
            "voicegateway.call.mos 4.25 direction=uplink",
            "voicegateway.rtp.jitter.duration 0.003 direction=uplink",
            "voicegateway.call.mos 3.5 direction=downlink",
            "voicegateway.rtp.round_trip.duration 0.08",
            "voicegateway.link.rotations 1 cause=go_away outcome=resumed",
            "voicegateway.link.reconnects 1 fault=dropped outcome=seeded",
            "voicegateway.link.gap.duration 0.25 kind=rotation",
            "voicegateway.link.audio.replayed 0.5",
            "voicegateway.link.audio.lost 0.02",
            "voicegateway.link.fallbacks 1 route=europe",
            "voicegateway.quota.refusals 1 source=learned",
            "voicegateway.turn.stalls 1 cause=no_audio step=nudge",
            "voicegateway.idle.prompts 1 step=goodbye",
            "voicegateway.tool.fillers 1",
            "voicegateway.interruptions.phantom 1",
            "voicegateway.barge_in.false_alarms 1",
            "voicegateway.live.tokens 7 direction=prompt modality=AUDIO model=m",
            "voicegateway.cost 0.25 model=m currency=EUR",
            "voicegateway.rtp.foreign 12",
        ],
        seen);
    }

    private static string Line<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', [instrument.Name, FormattableString.Invariant($"{value}"), .. tags.ToArray().Select(static t => $"{t.Key}={t.Value}")]);

    private static string OperationsPage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "operations.md");
    }

    [GeneratedRegex(@"^\| `(voicegateway\.[a-z_.]+)` \| ([^|]*?) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();
}
