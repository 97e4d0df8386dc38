using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Routing;

/// <summary>Something said before this call, for the model's memory.</summary>
public sealed record AgentHistoryTurn
{
    public AgentRole Role { get; init; }

    [Required(AllowEmptyStrings = false, ErrorMessage = "must not be empty")]
    public string Text { get; init; } = "";
}
