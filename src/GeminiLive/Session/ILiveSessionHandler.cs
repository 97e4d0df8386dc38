using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Receives what the model says and wants. Called one at a time from the session's receive loop, in the order of arrival;
/// must not block. May be called before <see cref="LiveSession.ConnectAsync"/> has returned. An exception ends the session
/// (<see cref="LiveCloseKind.Defect"/>). <see cref="OnInterrupted"/> comes before every other field of its message.
/// </summary>
public interface ILiveSessionHandler
{
    /// <summary>Mono s16le at 24 kHz, whole samples; valid during the call only. Faster than real time, in bursts.</summary>
    void OnAudio(ReadOnlySpan<byte> pcm24kHz);

    /// <summary>The caller spoke over the model: what is queued must not be heard. Can come after <see cref="OnTurnComplete"/> or before any audio.</summary>
    void OnInterrupted();

    /// <summary>A fragment of what the caller said, in no certain order against the audio; valid during the call only.</summary>
    void OnInputTranscript(ReadOnlySpan<char> text, bool finished);

    /// <summary>A fragment of what the model says, in no certain order against the audio; valid during the call only.</summary>
    void OnOutputTranscript(ReadOnlySpan<char> text, bool finished);

    /// <summary>Text beside the speech; thoughts go to <see cref="OnThought"/>.</summary>
    void OnText(string text);

    /// <summary>Every call wants an answer by <see cref="LiveSession.SendToolResponse"/> on the same session.</summary>
    void OnToolCall(IReadOnlyList<LiveFunctionCall> calls);

    /// <summary>These calls must not be answered any more.</summary>
    void OnToolCallCancelled(IReadOnlyList<string> ids);

    /// <summary>The model has produced all of its answer; it may still be playing. Missing when interrupted.</summary>
    void OnGenerationComplete();

    /// <summary>The turn is over. The reason is an open list of words, mostly null.</summary>
    void OnTurnComplete(string? reason);

    /// <summary>The server will close soon: rotate within <paramref name="timeLeft"/>.</summary>
    void OnGoAway(TimeSpan timeLeft);

    /// <summary>Only a handle that came with <paramref name="resumable"/> may be used: <see cref="LiveSession.ResumptionHandle"/> keeps the last such one.</summary>
    void OnResumptionUpdate(string? handle, bool resumable);

    void OnUsage(LiveUsage usage);

    void OnThought(string text)
    {
    }

    void OnVoiceActivity(LiveVoiceActivity activity)
    {
    }

    /// <summary>The model waits for more input before it answers.</summary>
    void OnWaitingForInput()
    {
    }

    void OnInteractionStatus(string status)
    {
    }

    /// <summary>Sources the model used (Google Search).</summary>
    void OnGroundingMetadata(JsonElement metadata)
    {
    }

    /// <summary>Code the model runs on the server's side.</summary>
    void OnExecutableCode(JsonElement code)
    {
    }

    void OnCodeExecutionResult(JsonElement result)
    {
    }

    /// <summary>Inline data other than 16-bit PCM at 24 kHz arrived and was ignored.</summary>
    void OnUnsupportedMedia(string mimeType)
    {
    }
}
