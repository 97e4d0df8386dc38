namespace VoiceGateway.Caller;

public enum CallerEventKind
{
    /// <summary>The far end rings (180 or 183).</summary>
    Ringing,
    Answered,
    AgentSpeaks,

    /// <summary>The agent's turn is over; the timestamp is that of its last audible packet.</summary>
    AgentSilent,
    CallerSpeaks,
    CallerSilent,

    /// <summary>The caller speaks over the agent.</summary>
    Interrupts,
    Dtmf,

    /// <summary>A key that the far end pressed.</summary>
    DtmfHeard,
    Ended,
}
