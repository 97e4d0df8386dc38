namespace VoiceGateway.LiveSimulator;

public enum SessionEventKind
{
    SetupComplete,
    SpeechStarted,
    SpeechEnded,
    AudioStreamEnd,
    TextReceived,
    ContentReceived,
    ReplyStarted,
    FirstAudio,
    ToolCall,
    ToolResponse,
    ToolCallCancellation,
    Interrupted,
    GenerationComplete,
    TurnComplete,
    Fault,
    Closed,
}

/// <summary>One thing that happened in a session. <paramref name="Timestamp"/> is in the ticks of <see cref="TimeProvider.GetTimestamp"/> (Stopwatch ticks on the system clock).</summary>
public readonly record struct SessionEvent(long Timestamp, SessionEventKind Kind, string? Detail = null);
