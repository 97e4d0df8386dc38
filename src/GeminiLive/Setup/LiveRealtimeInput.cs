namespace VoiceGateway.GeminiLive;

/// <summary><c>realtimeInputConfig</c>: how the server finds the caller's turns. Null: the server's default.</summary>
public sealed record LiveRealtimeInput
{
    /// <summary>
    /// True: the server listens for speech itself, and <see cref="LiveSession.SendAudioStreamEnd"/> is allowed.
    /// False: turns are marked with <see cref="LiveSession.SendActivityStart"/> and <see cref="LiveSession.SendActivityEnd"/>.
    /// </summary>
    public bool AutomaticActivityDetection { get; init; } = true;

    public LiveSensitivity? StartOfSpeech { get; init; }

    public LiveSensitivity? EndOfSpeech { get; init; }

    /// <summary>Speech needed before a start is believed; whole milliseconds.</summary>
    public TimeSpan? PrefixPadding { get; init; }

    /// <summary>Silence needed before an end is believed; whole milliseconds.</summary>
    public TimeSpan? SilenceDuration { get; init; }

    /// <summary>False: the caller's speech does not interrupt the model.</summary>
    public bool? Interruptible { get; init; }

    /// <summary>True: silence between turns belongs to the context as well (and costs tokens).</summary>
    public bool? TurnIncludesAllInput { get; init; }
}
