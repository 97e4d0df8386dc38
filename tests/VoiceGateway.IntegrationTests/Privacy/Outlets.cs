using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace VoiceGateway.IntegrationTests.Privacy;

/// <summary>
/// Everything that leaves a gateway as telemetry: each log entry with its properties, scopes and exception, as an exporter would
/// send them; activities with names, tags, events and baggage; the tags of metrics.
/// </summary>
internal sealed class Outlets : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _metrics = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public Outlets()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Write("activity", [
                activity.Source.Name, activity.DisplayName, activity.StatusDescription,
                .. activity.TagObjects.Select(static t => (object?)t), .. activity.Baggage.Select(static b => (object?)b),
                .. activity.Events.SelectMany(static e => e.Tags.Select(static t => (object?)t).Append(e.Name))]),
        };
        ActivitySource.AddActivityListener(_activities);
        _metrics.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Tags(instrument, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Tags(instrument, tags));
        _metrics.Start();
    }

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>In place of the console.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.RemoveAll<ILoggerProvider>();
        services.AddSingleton<ILoggerProvider>(this);
    }

    public ILogger CreateLogger(string categoryName) => new Log(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        _activities.Dispose();
        _metrics.Dispose();
    }

    private void Tags(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags) Write("metric", [instrument.Name, tag]);
    }

    private void Write(string kind, IEnumerable<object?> parts) => _lines.Enqueue($"{kind} {string.Join(" | ", parts)}");

    private sealed class Log(Outlets outlets, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => outlets._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var parts = new List<object?> { category, formatter(state, exception), exception };
            Add(state);
            outlets._scopes.ForEachScope(static (scope, p) => p.Add(scope), parts);
            outlets.Write($"log {logLevel}", parts);

            void Add(object? properties)
            {
                if (properties is IEnumerable<KeyValuePair<string, object?>> pairs) parts.AddRange(pairs.Cast<object?>());
            }
        }
    }
}
