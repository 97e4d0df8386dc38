using System.Collections.Concurrent;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Tools;

internal sealed class RecordingObserver : IToolCallObserver
{
    public ConcurrentQueue<string> Events { get; } = new();

    public void Asked(ToolCallRequest request) => Events.Enqueue($"asked {request.Id}");

    public void Answered(ToolCallRequest request, ToolCallResult result, TimeSpan duration) =>
        Events.Enqueue($"answered {request.Id} {result.Outcome} {duration.TotalSeconds:0}");

    public void Cancelled(ToolCallRequest request, TimeSpan after) => Events.Enqueue($"cancelled {request.Id}");

    public void FinishedTooLate(ToolCallRequest request, ToolCallResult result, TimeSpan duration) =>
        Events.Enqueue($"late {request.Id} {result.Outcome}");
}
