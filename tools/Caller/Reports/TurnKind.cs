namespace VoiceGateway.Caller;

public enum TurnKind
{
    /// <summary>From the answer to the agent's first words; the caller said nothing.</summary>
    Greeting,
    Say,
    Interrupt,
    Tone,
    Dtmf,
}
