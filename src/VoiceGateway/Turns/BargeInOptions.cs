using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Turns;

/// <summary>Section <c>BargeIn</c>.</summary>
public sealed class BargeInOptions
{
    public const string Section = "BargeIn";

    /// <summary>How far playout is turned down at the first sound of the caller's, before it is certain that it is speech, in dB.</summary>
    [Range(0, 60)]
    public double OnsetDuckDb { get; set; } = 8;

    /// <summary>How far playout is turned down while the caller speaks over it, in dB.</summary>
    [Range(0, 60)]
    public double DuckDb { get; set; } = 14;

    /// <summary>Speech over the agent that lasts this long counts as an interruption even when the model says nothing.</summary>
    [Range(200, 10_000)]
    public int ConfirmMs { get; set; } = 700;

    /// <summary>The caller falls silent for this long before an interruption was decided: the agent gets its level back.</summary>
    [Range(60, 2000)]
    public int RestoreMs { get; set; } = 240;

    /// <summary>Length of the fade that ends cancelled audio.</summary>
    [Range(5, 10)]
    public int FadeMs { get; set; } = 8;

    /// <summary>After an interruption the model is told how much of its words the caller heard.</summary>
    public bool TellHeard { get; set; } = true;

    /// <summary>The agent's own echo is kept from the model, on lines that have one; the caller's voice never is.</summary>
    public bool EchoSuppression { get; set; } = true;
}
