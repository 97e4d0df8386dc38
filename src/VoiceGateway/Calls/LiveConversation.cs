using VoiceGateway.GeminiLive;
using VoiceGateway.Telemetry;
using VoiceGateway.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>
/// What the model says and wants, spread over the rooms of the call: audio to the audio path, words to the ledger,
/// function calls to the tools. On the session's receive loop.
/// </summary>
internal sealed class LiveConversation(CallAudioPath audio, HeardLedger ledger, TurnTimeline timeline, CallMetrics metrics, ToolDispatcher tools) : ILiveSessionHandler
{
    /// <summary>Over the whole call: the server counts each turn.</summary>
    public long PromptTokens { get; private set; }

    public long ResponseTokens { get; private set; }

    /// <summary>Counts tokens by modality; also tell it of the model's acts, of turns that end and of new connections.</summary>
    public CallUsage? Usage { get; init; }

    public void OnAudio(ReadOnlySpan<byte> pcm24kHz) => audio.OnModelAudio(pcm24kHz);

    public void OnInterrupted() => audio.OnInterrupted();

    public void OnInputTranscript(string text, bool finished) => ledger.CallerText(text, finished, audio.CallerSpokeAt ?? timeline.Now);

    public void OnOutputTranscript(string text, bool finished) => ledger.AgentText(text, audio.Leg.Playout.QueuedSamples, timeline.Now);

    // Native audio models send text only beside the speech: it is not heard, so it is no transcript.
    public void OnText(string text)
    {
    }

    public void OnToolCall(IReadOnlyList<LiveFunctionCall> calls)
    {
        audio.OnToolCall();
        _ = tools.DispatchAsync([.. calls.Select(static c => new ToolCallRequest(c.Id, c.Name, c.Args))]);
    }

    public void OnToolCallCancelled(IReadOnlyList<string> ids) => tools.Cancel(ids);

    public void OnGenerationComplete() => audio.OnGenerationComplete();

    public void OnTurnComplete(string? reason) => audio.OnTurnComplete();

    // Rotation is not here yet: the session ends when the server closes it, and the call with it.
    public void OnGoAway(TimeSpan timeLeft)
    {
    }

    public void OnResumptionUpdate(string? handle, bool resumable)
    {
    }

    public void OnUsage(LiveUsage usage)
    {
        if (Usage is { } counted) counted.Count(usage);
        else metrics.TokensUsed("unknown", "response", "UNSPECIFIED", usage.ResponseTokens);
        PromptTokens += usage.PromptTokens;
        ResponseTokens += usage.ResponseTokens;
    }
}
