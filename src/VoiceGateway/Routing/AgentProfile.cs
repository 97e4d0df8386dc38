using VoiceGateway.GeminiLive;

namespace VoiceGateway.Routing;

/// <summary>
/// One agent: <c>config/agents/NAME.json</c>. Whatever is left out falls to the model's own default.
/// Texts (<see cref="Instructions"/>, <see cref="Greeting"/>, <see cref="History"/>) may hold call variables: see <see cref="AgentText"/>.
/// </summary>
public sealed record AgentProfile
{
    /// <summary>The file's name without its ending.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>Model; null: <c>Live:Model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>A prebuilt voice: Puck, Charon, Kore, …</summary>
    public string? Voice { get; init; }

    /// <summary>BCP-47 code, such as <c>en-US</c>.</summary>
    public string? Language { get; init; }

    /// <summary>The system instruction. When it was read from <see cref="InstructionsFile"/>, the file's text.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>A text file with the system instruction, relative to the agents folder; instead of <see cref="Instructions"/>.</summary>
    public string? InstructionsFile { get; init; }

    /// <summary>Time zone of <c>{{time}}</c>, <c>{{date}}</c> and <c>{{weekday}}</c>, an IANA name; null: <c>Business:TimeZone</c>, else the machine's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Where <c>{{customer}}</c> comes from; null: nowhere.</summary>
    public AgentCustomer? Customer { get; init; }

    /// <summary>Tools by name, <c>plugin/tool</c>, <c>plugin/*</c> or <c>*</c>.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Whether the model goes on talking while a tool runs: by the patterns of <see cref="Tools"/>, the narrowest wins. None: the model's default.</summary>
    public IReadOnlyDictionary<string, LiveFunctionBehavior> ToolBehavior { get; init; } = new Dictionary<string, LiveFunctionBehavior>();

    /// <summary>When the model takes notice of the result of a non-blocking tool, by the same patterns.</summary>
    public IReadOnlyDictionary<string, LiveScheduling> ToolScheduling { get; init; } = new Dictionary<string, LiveScheduling>();

    /// <summary>The model may search the web by itself.</summary>
    public bool GoogleSearch { get; init; }

    /// <summary>The model may run code on the service's side.</summary>
    public bool CodeExecution { get; init; }

    /// <summary>Said to the model, not to the caller, once the session is ready: it makes the agent speak first. Empty: the caller begins.</summary>
    public string Greeting { get; init; } = "";

    /// <summary>What has been said before the call, as the model shall remember it.</summary>
    public IReadOnlyList<AgentHistoryTurn> History { get; init; } = [];

    public AgentGeneration Generation { get; init; } = new();

    /// <summary>Null: the model's default, which a family without <c>thinkingConfig</c> insists on.</summary>
    public AgentThinking? Thinking { get; init; }

    /// <summary>The model hears the tone of voice and adapts to it: opt-in on 2.5 models with <c>v1alpha</c>.</summary>
    public bool AffectiveDialog { get; init; }

    /// <summary>The model may stay silent when it is not addressed: opt-in on 2.5 models with <c>v1alpha</c>.</summary>
    public bool ProactiveAudio { get; init; }

    public AgentActivity Activity { get; init; } = new();

    public AgentTranscription Transcription { get; init; } = new();

    public AgentCompression Compression { get; init; } = new();

    /// <summary>Without it the session cannot move to a new connection and ends with its first, after about ten minutes.</summary>
    public bool Resumption { get; init; } = true;

    public AgentModality ResponseModality { get; init; } = AgentModality.Audio;

    /// <summary>A WAV file (mono, 24 kHz), relative to the agents folder, with the words a caller hears when no model can be had; null: the one that is built in.</summary>
    public string? Apology { get; init; }

    /// <summary>What is heard while a tool takes its time: empty for nothing, <c>tone</c>, or a WAV file (mono, 24 kHz) relative to the agents folder; null: <c>Turns:Filler</c>.</summary>
    public string? Filler { get; init; }

    /// <summary>Other ways to a model, in the order in which they are tried when the first fails.</summary>
    public IReadOnlyList<AgentFallback> Fallback { get; init; } = [];

    /// <summary>A number or SIP URI: who gets the caller when no model can be had; null: nobody.</summary>
    public string? Human { get; init; }

    /// <summary>What complaints call it.</summary>
    internal string File => $"agents/{Name}.json";
}
