namespace VoiceGateway.Tools;

/// <summary>Where answers go: the Live session that asked.</summary>
public interface IToolAnswerSink
{
    /// <summary>
    /// Queues the answer for sending. Runs under the dispatcher's lock, so that no answer can overtake a cancellation:
    /// it must not block and must not call the dispatcher.
    /// </summary>
    void Answer(ToolCallResult result);
}
