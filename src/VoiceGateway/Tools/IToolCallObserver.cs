namespace VoiceGateway.Tools;

/// <summary>Follows a call's tool calls for the timeline, the record and the metrics. Called from any thread; must not block.</summary>
public interface IToolCallObserver
{
    void Asked(ToolCallRequest request);

    /// <summary>The answer has been handed to the sink.</summary>
    void Answered(ToolCallRequest request, ToolCallResult result, TimeSpan duration);

    /// <summary>Withdrawn, or the call is over: there will be no answer.</summary>
    void Cancelled(ToolCallRequest request, TimeSpan after);

    /// <summary>
    /// The tool finished after it had been cancelled or had timed out. The model was not told, so a booking may exist
    /// that the caller was never told of: worth a line in the record.
    /// </summary>
    void FinishedTooLate(ToolCallRequest request, ToolCallResult result, TimeSpan duration)
    {
    }
}
