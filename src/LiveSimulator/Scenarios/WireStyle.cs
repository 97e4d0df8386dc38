namespace VoiceGateway.LiveSimulator;

public enum FrameKind
{
    Binary,
    Text,
    Alternating,
}

/// <summary>Freedoms that the service's messages take and that a client must bear.</summary>
internal sealed record WireStyle
{
    public TimeSpan SetupTime { get; init; } = TimeSpan.FromMilliseconds(50);

    public FrameKind Frames { get; init; }

    public bool Indented { get; init; }

    /// <summary>Fields that no client knows, and <c>waitingForInput</c>, in between.</summary>
    public bool Sprinkle { get; init; }

    /// <summary><c>audio/pcm</c> without a rate, as on Vertex AI.</summary>
    public bool BareMimeType { get; init; }

    /// <summary>Function calls without ids, as on Vertex AI.</summary>
    public bool OmitToolCallIds { get; init; }
}
