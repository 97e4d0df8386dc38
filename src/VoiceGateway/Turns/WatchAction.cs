namespace VoiceGateway.Turns;

/// <summary>What <see cref="ConversationWatch"/> asks of the call. <see cref="ConversationWatch.Text"/> has the words for those that go to the model.</summary>
public enum WatchAction
{
    None,

    /// <summary>The conversation stalls; first step: a gentle text to the model.</summary>
    Nudge,

    /// <summary>Second step: another connection, with the same session resumed.</summary>
    Reconnect,

    /// <summary>Third step: this route is bad; another one, or a fresh session.</summary>
    FallBack,

    /// <summary>Last step: end the call, and say why. Nothing follows.</summary>
    GiveUp,

    /// <summary>Nobody speaks: the model shall ask whether the caller is still there.</summary>
    IdlePrompt,

    /// <summary>The caller did not answer the prompts: the model shall say goodbye.</summary>
    IdleGoodbye,

    /// <summary>The goodbye to the silent caller is over: hang up. Nothing follows.</summary>
    EndIdle,

    /// <summary>The longest time is nearly reached: the model shall tell the caller.</summary>
    DurationWarning,

    /// <summary>It is reached: the model shall say goodbye.</summary>
    DurationGoodbye,

    /// <summary>That goodbye is over: hang up. Nothing follows.</summary>
    EndDuration,

    /// <summary>A tool takes its time and nothing is heard: play the filler, until <see cref="StopFiller"/>.</summary>
    StartFiller,

    StopFiller,
}
