using System.Diagnostics;

namespace VoiceGateway.Caller;

/// <summary>Many calls at once from one softphone: one playout clock, one SIP endpoint, no allocation per packet.</summary>
/// <remarks>
/// <code>
/// baseline | ramp: a call every 1/rate s | all up: the steady period, sampled every second | all hang up | report
/// </code>
/// </remarks>
public sealed class LoadGenerator(Softphone softphone, LoadOptions options, TimeProvider? timeProvider = null)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly ArrivalHistogram _arrivals = new();
    private readonly List<LoadCall> _calls = [];

    /// <summary>Runs to the end; cancelling ends the steady period early, and the report covers what there was.</summary>
    /// <exception cref="ArgumentException">The process to watch cannot be seen.</exception>
    public async Task<LoadReport> RunAsync(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Calls, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.CallsPerSecond, 0);
        var watch = options.WatchPid is { } pid ? ProcessWatch.TryStart(pid) ?? throw new ArgumentException($"there is no process {pid}") : null;
        using var hangUp = new CancellationTokenSource();
        SteadyPeriod steady;
        List<CallerReport>[] reports;
        try
        {
            await RampAsync(hangUp.Token, progress, cancellationToken).ConfigureAwait(false);
            await AllDecidedAsync(progress, cancellationToken).ConfigureAwait(false);
            steady = await HoldAsync(watch, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await hangUp.CancelAsync().ConfigureAwait(false);
            reports = await Task.WhenAll(_calls.Select(call => call.Reports)).ConfigureAwait(false);
        }
        return LoadSummary.Of(options, [.. reports.SelectMany(call => call)], _arrivals, steady, softphone, watch);
    }

    private async Task RampAsync(CancellationToken hangUp, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var n = 0; n < options.Calls && !cancellationToken.IsCancellationRequested; n++)
        {
            var due = TimeSpan.FromSeconds(n / options.CallsPerSecond) - _time.GetElapsedTime(started);
            if (due > TimeSpan.Zero) await PauseAsync(due, cancellationToken).ConfigureAwait(false);
            var script = options.Scripts[n % options.Scripts.Count] with { Repeat = true };
            var call = options.Call with { Record = false, Arrivals = _arrivals, TellOfMedia = false, MaxDuration = TimeSpan.FromDays(1) };
            _calls.Add(LoadCall.Start(softphone, script, call, options.Redials, hangUp));
            Tell(progress);
        }
    }

    private async Task AllDecidedAsync(IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        while (!_calls.All(call => call.IsDecided) && !cancellationToken.IsCancellationRequested)
        {
            await PauseAsync(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
            Tell(progress);
        }
    }

    private async Task<SteadyPeriod> HoldAsync(ProcessWatch? watch, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var packets = _arrivals.Count;
        watch?.Sample();
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < options.Duration
            && !cancellationToken.IsCancellationRequested && !_calls.All(call => call.HasEnded))
        {
            var rest = options.Duration - elapsed;
            await PauseAsync(rest < SampleEvery ? rest : SampleEvery, cancellationToken).ConfigureAwait(false);
            watch?.Sample();
            Tell(progress);
        }
        return new SteadyPeriod(
            Stopwatch.GetElapsedTime(started),
            Environment.CpuUsage.TotalTime - cpu,
            GC.GetTotalAllocatedBytes() - allocated,
            _arrivals.Count - packets);
    }

    /// <summary>Cancelled is no failure here: what was measured until then is reported.</summary>
    private async Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) =>
        await Task.Delay(time, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Tell(IProgress<LoadProgress>? progress) =>
        progress?.Report(new LoadProgress(_calls.Count, _calls.Count(call => call.IsUp), _calls.Count(call => call.HasEnded)));
}
