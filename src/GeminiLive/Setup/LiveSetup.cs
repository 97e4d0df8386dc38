namespace VoiceGateway.GeminiLive;

/// <summary>
/// The first message of a session. What is null or default is left to the server. What the model's contract refuses
/// is left out and named in <see cref="LiveSession.OmittedSettings"/>, because one refused field closes the session (1007).
/// </summary>
public sealed record LiveSetup
{
    internal const string Audio = "AUDIO";

    /// <summary>Model name, with or without <c>models/</c>; a Vertex resource name is kept as it is.</summary>
    public required string Model { get; init; }

    /// <summary>Only <c>AUDIO</c> suits a telephone; anything else is refused before a connection is made.</summary>
    public string ResponseModality { get; init; } = Audio;

    /// <summary>Prebuilt voice: Puck, Charon, Kore, …</summary>
    public string? VoiceName { get; init; }

    /// <summary>BCP-47: see <see cref="LiveLanguages"/>.</summary>
    public string? LanguageCode { get; init; }

    public string? SystemInstruction { get; init; }

    public IReadOnlyList<LiveFunction> Functions { get; init; } = [];

    /// <summary>Lets the model use Google Search by itself.</summary>
    public bool GoogleSearch { get; init; }

    /// <summary>Lets the model run code on Google's side.</summary>
    public bool CodeExecution { get; init; }

    public bool InputTranscription { get; init; } = true;

    public bool OutputTranscription { get; init; } = true;

    /// <summary>Asks for <c>sessionResumptionUpdate</c>, without which no rotation is possible.</summary>
    public bool SessionResumption { get; init; } = true;

    /// <summary>Handle of an earlier connection to take up; implies <see cref="SessionResumption"/>.</summary>
    public string? ResumptionHandle { get; init; }

    /// <summary>
    /// Vertex AI: the server tells with each handle which client message it includes last
    /// (<see cref="LiveSession.LastConsumedClientMessageIndex"/>), so that what it missed can be sent again. Left out elsewhere.
    /// </summary>
    public bool TransparentResumption { get; init; }

    /// <summary>Without it an audio session ends after 15 minutes. Null switches it off.</summary>
    public LiveContextCompression? ContextWindowCompression { get; init; } = new();

    public LiveGeneration Generation { get; init; } = new();

    public LiveThinking? Thinking { get; init; }

    public LiveRealtimeInput RealtimeInput { get; init; } = new();

    /// <summary>The model hears tone of voice and adapts to it. Opt-in on 2.5 models with API version v1alpha; built in later.</summary>
    public bool EnableAffectiveDialog { get; init; }

    /// <summary>The model may stay silent when it is not addressed. Opt-in on 2.5 models with API version v1alpha; built in later.</summary>
    public bool ProactiveAudio { get; init; }

    /// <summary>The first <c>clientContent</c> is history of an earlier session, not a turn to answer.</summary>
    public bool InitialHistoryInClientContent { get; init; }

    /// <summary>Overrides what <see cref="LiveModelContract.For"/> knows about <see cref="Model"/>.</summary>
    public LiveModelContract? Contract { get; init; }
}
