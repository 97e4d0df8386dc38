using System.Text.Json;

namespace VoiceGateway.Routing;

/// <summary>One agent: <c>config/agents/NAME.json</c>. Whatever is left out falls to the model's own default.</summary>
public sealed record AgentProfile
{
    /// <summary>The file's name without its ending.</summary>
    public string Name { get; init; } = "";

    /// <summary>Model; null: <c>Live:Model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>A prebuilt voice: Puck, Charon, Kore, …</summary>
    public string? Voice { get; init; }

    /// <summary>BCP-47 code, such as <c>en-US</c>.</summary>
    public string? Language { get; init; }

    /// <summary>The system instruction.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>Tools by name, <c>plugin/tool</c>, <c>plugin/*</c> or <c>*</c>.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Said to the model, not to the caller, once the session is ready: it makes the agent speak first. Empty: the caller begins.</summary>
    public string Greeting { get; init; } = "";

    /// <summary>A WAV file for the words a caller hears when no model can be had; null: the one that is built in.</summary>
    public string? Apology { get; init; }

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };
}
