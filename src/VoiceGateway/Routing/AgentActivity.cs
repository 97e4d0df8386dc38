using System.ComponentModel.DataAnnotations;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Routing;

/// <summary>How the caller's turns are found. Null: the server's default.</summary>
public sealed record AgentActivity
{
    public AgentDetection Detection { get; init; }

    public LiveSensitivity? StartSensitivity { get; init; }

    public LiveSensitivity? EndSensitivity { get; init; }

    /// <summary>Speech needed before a start is believed.</summary>
    [Range(0, 10_000)]
    public int? PrefixPaddingMs { get; init; }

    /// <summary>Silence needed before an end is believed.</summary>
    [Range(0, 10_000)]
    public int? SilenceDurationMs { get; init; }

    /// <summary>False: the caller's speech does not interrupt the model.</summary>
    public bool? Interruptible { get; init; }

    /// <summary>What belongs to a turn: silence costs tokens.</summary>
    public AgentCoverage? Coverage { get; init; }
}
