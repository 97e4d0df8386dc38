namespace VoiceGateway.Turns;

/// <summary>The moments of a call that decide how it felt. Names are stable: they are served by the HTTP API and stored.</summary>
public enum TimelineMark
{
    /// <summary>INVITE taken, 180 sent (inbound) or INVITE sent (outbound).</summary>
    Ringing,

    /// <summary>The Live session answered <c>setupComplete</c>.</summary>
    LiveReady,

    /// <summary>200 OK sent or received.</summary>
    Answered,

    /// <summary>The ACK of the 200 OK arrived (inbound) or left (outbound).</summary>
    Acknowledged,

    /// <summary>The recording's first sample.</summary>
    RecordingStarted,

    /// <summary>The caller began to speak: the onset, not the moment of its detection.</summary>
    SpeechStarted,

    /// <summary>The caller stopped speaking: the last voiced frame, not the end of the hangover.</summary>
    SpeechStopped,

    /// <summary>The first 20 ms frame of that speech left for the model.</summary>
    FirstUplinkFrame,

    /// <summary>The first audio of a model turn arrived.</summary>
    FirstModelAudio,

    /// <summary>The first RTP packet that carries a model turn left.</summary>
    FirstReplyRtp,

    /// <summary>The last RTP packet that carries a model turn left.</summary>
    LastReplyRtp,

    /// <summary>Playout was turned down because the caller seems to speak over it.</summary>
    Ducked,

    /// <summary>A false alarm: playout came back to its level.</summary>
    Restored,

    /// <summary>The model said <c>interrupted</c>.</summary>
    Interrupted,

    /// <summary>Sustained speech flushed playout without a word from the model.</summary>
    FlushedLocally,

    /// <summary>The last RTP packet that still carried cancelled audio left (its fade).</summary>
    LastStaleRtp,

    ToolAsked,
    ToolAnswered,
    ToolSent,
    ToolCancelled,

    /// <summary>Playout ran dry in the middle of a model turn.</summary>
    Underrun,

    /// <summary>RTP from the caller was lost; the value is the number of samples filled in.</summary>
    Loss,

    /// <summary>A DTMF digit; the value is its character.</summary>
    Digit,

    /// <summary>A DTMF digit that we send; the value is its character.</summary>
    DigitSent,

    Held,
    Resumed,
    TurnComplete,

    /// <summary>The Live connection is gone; from here to <see cref="LinkRestored"/> the model hears nothing.</summary>
    LinkLost,

    /// <summary>A connection is there again after <see cref="LinkLost"/>; the value is the gap in ms.</summary>
    LinkRestored,

    /// <summary>The Live connection was changed as planned, at a quiet point; the value is the gap in ms.</summary>
    Rotated,

    /// <summary>The model owed an answer and was asked for it in words.</summary>
    StallNudged,

    /// <summary>The model owed an answer, was asked in vain, and its connection was given up for another, or its route for the next.</summary>
    StallReconnected,

    /// <summary>The caller said nothing for long; the agent asks whether they are there, or says goodbye.</summary>
    IdlePrompted,

    /// <summary>A tool takes long: the caller hears a phrase or tone meanwhile.</summary>
    FillerStarted,

    FillerStopped,

    /// <summary>The agent was told to say that the call's time is nearly over.</summary>
    DurationWarned,

    /// <summary>The model said <c>interrupted</c> although nobody spoke, neither before nor soon after: it was asked to say the rest.</summary>
    PhantomInterrupted,

    /// <summary>The session moved to another route (model or region); the call's link events name it.</summary>
    FellBack,

    /// <summary>The call goes on with another telephone (REFER or Replaces): from here on somebody else may be on the line.</summary>
    MovedOn,

    HangUpAsked,
    Ended,
}
