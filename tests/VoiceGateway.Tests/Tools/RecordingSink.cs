using System.Collections.Concurrent;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Tools;

internal sealed class RecordingSink : IToolAnswerSink
{
    public ConcurrentQueue<ToolCallResult> Answers { get; } = new();

    public void Answer(ToolCallResult result) => Answers.Enqueue(result);

    public string Single => Answers.Single().Response.GetRawText();
}
