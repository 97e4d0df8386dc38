using System.ComponentModel.DataAnnotations;
using VoiceGateway.Records;

namespace VoiceGateway.Calls;

/// <summary>
/// Section <c>Prices:MODEL</c>: what a million tokens cost. The four plain prices must all be there, so that a cost is never
/// too low because one was forgotten; the others fall back to them.
/// </summary>
public sealed class ModelPrices
{
    private const string Missing = "is missing: a model in the price table needs InputTextPerMillion, InputAudioPerMillion, OutputTextPerMillion and OutputAudioPerMillion";
    private const double Highest = 1_000_000;

    [Required(ErrorMessage = Missing), Range(0, Highest)]
    public decimal? InputTextPerMillion { get; set; }

    [Required(ErrorMessage = Missing), Range(0, Highest)]
    public decimal? InputAudioPerMillion { get; set; }

    /// <summary>Without it: as text.</summary>
    [Range(0, Highest)]
    public decimal? InputImagePerMillion { get; set; }

    /// <summary>Without it: as images.</summary>
    [Range(0, Highest)]
    public decimal? InputVideoPerMillion { get; set; }

    [Required(ErrorMessage = Missing), Range(0, Highest)]
    public decimal? OutputTextPerMillion { get; set; }

    [Required(ErrorMessage = Missing), Range(0, Highest)]
    public decimal? OutputAudioPerMillion { get; set; }

    /// <summary>Without it: as output text.</summary>
    [Range(0, Highest)]
    public decimal? ThoughtsPerMillion { get; set; }

    /// <summary>For the part of the prompt that the server took from its cache. Without it: no rebate.</summary>
    [Range(0, Highest)]
    public decimal? CachedInputPerMillion { get; set; }

    /// <summary>Exact. Tokens of no named modality cost as audio, the dearer one: the figure is rather too high than too low.</summary>
    public decimal CostOf(IReadOnlyList<TokenCount> tokens)
    {
        decimal millionths = 0;
        foreach (var (direction, modality, count) in tokens)
        {
            millionths += direction switch
            {
                UsageCells.Prompt or UsageCells.ToolUse => count * Input(modality),
                UsageCells.Response => count * Output(modality),
                UsageCells.Thoughts => count * (ThoughtsPerMillion ?? OutputTextPerMillion)!.Value,
                UsageCells.Cached => -Rebate(count, modality, tokens),
                _ => 0,
            };
        }
        return Math.Max(0, millionths) / 1_000_000;
    }

    private decimal Rebate(long cached, string modality, IReadOnlyList<TokenCount> tokens)
    {
        if (CachedInputPerMillion is not { } price) return 0;
        if (modality != UsageCells.Unspecified) return cached * (Input(modality) - price);
        // What is cached is the beginning of the context, and that is text.
        var text = Math.Min(cached, tokens.Where(static t => t is { Direction: UsageCells.Prompt, Modality: UsageCells.Text }).Sum(static t => t.Tokens));
        return text * (Input(UsageCells.Text) - price) + (cached - text) * (Input(UsageCells.Audio) - price);
    }

    private decimal Input(string modality) => (modality switch
    {
        UsageCells.Audio or UsageCells.Unspecified => InputAudioPerMillion,
        UsageCells.Image => InputImagePerMillion ?? InputTextPerMillion,
        UsageCells.Video => InputVideoPerMillion ?? InputImagePerMillion ?? InputTextPerMillion,
        _ => InputTextPerMillion,
    })!.Value;

    private decimal Output(string modality) => (modality is UsageCells.Audio or UsageCells.Unspecified ? OutputAudioPerMillion : OutputTextPerMillion)!.Value;
}
