using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using VoiceGateway.Records;

namespace VoiceGateway.Tests.Records;

internal sealed class RecordingLogger : ILogger<CallRecordStore>
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

    public int Count(LogLevel level) => Entries.Count(e => e.Level == level);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, formatter(state, exception)));
}
