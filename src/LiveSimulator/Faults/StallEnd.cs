namespace VoiceGateway.LiveSimulator;

/// <summary>What ends a stall.</summary>
public enum StallEnd
{
    /// <summary>The caller's next turn is answered, and what was withheld is not said any more; a nudge gets it before that.</summary>
    NextTurn,

    /// <summary>Only a text that nudges the model: spoken turns are not answered.</summary>
    Nudge,

    /// <summary>Nothing but another connection.</summary>
    Reconnect,
}
