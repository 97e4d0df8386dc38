using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>One part of a model turn. Audio stays where it was received: <see cref="Start"/> and <see cref="Length"/> are
/// the place of its base64 text in the message, <see cref="Escaped"/> tells of JSON escapes in it.</summary>
internal readonly record struct ServerPart(ServerPartKind Kind)
{
    public string? Text { get; init; }

    public JsonElement Json { get; init; }

    public int Start { get; init; }

    public int Length { get; init; }

    public bool Escaped { get; init; }
}
