using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Everything one server message holds, in no order: fields are not exclusive. One instance serves a thread, whichever connection it
/// receives for, so that neither audio nor words allocate anything. Parsing is complete before anything is dispatched, so that a
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
    public readonly TranscriptText InputTranscript = new();
    public readonly TranscriptText OutputTranscript = new();
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

    /// <summary>The thread's; its next one is another, unless this one has been put back.</summary>
    public static ServerMessage Take() => PerThread<ServerMessage>.Take() ?? new ServerMessage();

    /// <summary>Everything has been dispatched.</summary>
    public void PutBack()
    {
        Reset();
        PerThread<ServerMessage>.PutBack(this);
    }

    public void Reset()
    {
        SetupComplete = Interrupted = GenerationComplete = TurnComplete = WaitingForInput = Known = false;
        TurnCompleteReason = InteractionStatus = null;
        InputTranscript.Reset();
        OutputTranscript.Reset();
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
