using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Everything one server message holds, in no order: fields are not exclusive. One instance a session, filled again and
/// again, so that an audio message allocates nothing. Parsing is complete before anything is dispatched, so that a
/// message broken at its end has no half effect and <c>interrupted</c> can go first.
/// </summary>
internal sealed class ServerMessage
{
    public bool SetupComplete;
    public bool Interrupted;
    public bool GenerationComplete;
    public bool TurnComplete;
    public bool WaitingForInput;
    public string? TurnCompleteReason;
    public string? InteractionStatus;
    public (string Text, bool Finished)? InputTranscript;
    public (string Text, bool Finished)? OutputTranscript;
    public readonly List<ServerPart> Parts = [];
    public JsonElement? GroundingMetadata;
    public List<LiveFunctionCall>? ToolCalls;
    public int ToolIdsGenerated;
    public List<string>? CancelledToolCalls;
    public TimeSpan? GoAwayTimeLeft;
    public (string? Handle, bool Resumable, long? LastConsumed)? Resumption;
    public LiveUsage? Usage;
    public LiveVoiceActivity? VoiceActivity;

    /// <summary>Whether any top-level field was one that this client knows.</summary>
    public bool Known;

    public void Reset()
    {
        SetupComplete = Interrupted = GenerationComplete = TurnComplete = WaitingForInput = Known = false;
        TurnCompleteReason = InteractionStatus = null;
        InputTranscript = OutputTranscript = null;
        Parts.Clear();
        GroundingMetadata = null;
        ToolCalls = null;
        ToolIdsGenerated = 0;
        CancelledToolCalls = null;
        GoAwayTimeLeft = null;
        Resumption = null;
        Usage = null;
        VoiceActivity = null;
    }
}
