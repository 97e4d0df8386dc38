using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Turns;

/// <summary>Section <c>BargeIn</c>.</summary>
public sealed class BargeInOptions
{
    public const string Section = "BargeIn";

    /// <summary>How far playout is turned down while the caller seems to speak over it, in dB.</summary>
    [Range(0, 60)]
    public double DuckDb { get; set; } = 14;

    /// <summary>Speech over the agent that lasts this long counts as an interruption even when the model says nothing.</summary>
    [Range(200, 10_000)]
    public int ConfirmMs { get; set; } = 700;

    /// <summary>Length of the fade that ends cancelled audio.</summary>
    [Range(5, 10)]
    public int FadeMs { get; set; } = 8;
}
