namespace VoiceGateway.Turns;

/// <summary>What follows from an interruption.</summary>
public enum BargeInVerdict
{
    None,

    /// <summary>The caller spoke: the model should know how much was heard.</summary>
    TellHeard,

    /// <summary>Nobody spoke: the model should say the rest.</summary>
    Phantom,
}
