namespace VoiceGateway.Routing;

/// <summary>Another way to a model. What is null is as on the first way.</summary>
public sealed record AgentFallback
{
    public string? Model { get; init; }

    /// <summary><c>wss://host</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Another region of Vertex AI.</summary>
    public string? Location { get; init; }

    public string? ApiVersion { get; init; }

    /// <summary>A file with another API key, of a project with a quota of its own.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Settings of the agent that this way does without, because its model refuses them: see <see cref="AgentProfileWithout"/>.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}
