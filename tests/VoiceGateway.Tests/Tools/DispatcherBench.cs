using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VoiceGateway.Abstractions;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Tools;

/// <summary>A dispatcher with everything around it recorded.</summary>
internal sealed class DispatcherBench : ICallControl
{
    public DispatcherBench(ToolOptions? options, params IEnumerable<AIFunction> tools)
        : this(options, NullLogger<ToolDispatcher>.Instance, tools)
    {
    }

    public DispatcherBench(ToolOptions? options, ILogger<ToolDispatcher> log, params IEnumerable<AIFunction> tools)
    {
        var catalog = new ToolCatalog();
        catalog.Add("test", tools);
        Dispatcher = new ToolDispatcher(
            catalog.Select(["*"], "test"), Context(), Sink, Observer, options ?? new ToolOptions(), Time, log);
    }

    public ManualTimers Time { get; } = new();

    public RecordingSink Sink { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public ToolDispatcher Dispatcher { get; }

    public static ToolCallRequest Ask(string id, string name, string arguments = "{}") => new(id, name, JsonElement.Parse(arguments));

    /// <summary>The response to one call, as JSON text.</summary>
    public async Task<string> AnswerAsync(string name, string arguments = "{}")
    {
        await Dispatcher.DispatchAsync([Ask("1", name, arguments)]).WaitAsync(TimeSpan.FromSeconds(30));
        return Sink.Single;
    }

    public void HangUpAfterPlayout(string reason)
    {
    }

    public Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new TransferOutcome(TransferStatus.NotSupported));

    public void Instruct(string instructions, IReadOnlyList<string>? tools = null)
    {
    }

    public Task<DigitsOutcome> SendDigitsAsync(string digits, CancellationToken cancellationToken) => Task.FromResult(DigitsOutcome.NotSent);

    private CallContext Context() => new()
    {
        CallId = "call-1",
        CallerNumber = "+4930123456",
        CalledNumber = "100",
        AgentName = "default",
        StartedAt = Time.GetUtcNow(),
        Control = this,
    };
}
