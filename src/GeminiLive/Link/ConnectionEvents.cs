using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>The events of one connection, for as long as it is the link's: what a connection that was given up still says goes nowhere.</summary>
internal sealed class ConnectionEvents(
    ILiveLinkHandler to, Action onProgress, Action onTurnComplete, Action<TimeSpan> onGoAway, Action<string> onHandle) : ILiveSessionHandler
{
    private volatile bool _retired;

    public void Retire() => _retired = true;

    public void OnAudio(ReadOnlySpan<byte> pcm24kHz)
    {
        if (_retired) return;
        onProgress();
        to.OnAudio(pcm24kHz);
    }

    public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls)
    {
        if (_retired) return;
        onProgress();
        to.OnToolCall(calls);
    }

    public void OnGoAway(TimeSpan timeLeft)
    {
        if (_retired) return;
        onGoAway(timeLeft);
        to.OnGoAway(timeLeft);
    }

    public void OnResumptionUpdate(string? handle, bool resumable)
    {
        if (_retired) return;
        if (resumable && handle is { Length: > 0 }) onHandle(handle);
        to.OnResumptionUpdate(handle, resumable);
    }

    public void OnInterrupted()
    {
        if (!_retired) to.OnInterrupted();
    }

    public void OnInputTranscript(ReadOnlySpan<char> text, bool finished)
    {
        if (!_retired) to.OnInputTranscript(text, finished);
    }

    public void OnOutputTranscript(ReadOnlySpan<char> text, bool finished)
    {
        if (!_retired) to.OnOutputTranscript(text, finished);
    }

    public void OnText(string text)
    {
        if (!_retired) to.OnText(text);
    }

    public void OnToolCallCancelled(IReadOnlyList<string> ids)
    {
        if (!_retired) to.OnToolCallCancelled(ids);
    }

    public void OnGenerationComplete()
    {
        if (!_retired) to.OnGenerationComplete();
    }

    public void OnTurnComplete(string? reason)
    {
        if (_retired) return;
        onTurnComplete();
        to.OnTurnComplete(reason);
    }

    public void OnUsage(LiveUsage usage)
    {
        if (!_retired) to.OnUsage(usage);
    }

    public void OnThought(string text)
    {
        if (!_retired) to.OnThought(text);
    }

    public void OnVoiceActivity(LiveVoiceActivity activity)
    {
        if (!_retired) to.OnVoiceActivity(activity);
    }

    public void OnWaitingForInput()
    {
        if (!_retired) to.OnWaitingForInput();
    }

    public void OnInteractionStatus(string status)
    {
        if (!_retired) to.OnInteractionStatus(status);
    }

    public void OnGroundingMetadata(JsonElement metadata)
    {
        if (!_retired) to.OnGroundingMetadata(metadata);
    }

    public void OnExecutableCode(JsonElement code)
    {
        if (!_retired) to.OnExecutableCode(code);
    }

    public void OnCodeExecutionResult(JsonElement result)
    {
        if (!_retired) to.OnCodeExecutionResult(result);
    }

    public void OnUnsupportedMedia(string mimeType)
    {
        if (!_retired) to.OnUnsupportedMedia(mimeType);
    }
}
