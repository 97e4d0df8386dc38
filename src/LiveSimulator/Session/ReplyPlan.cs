using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>A reply to be given, or the rest of one that was not given to its end.</summary>
/// <param name="Place">Where the scenario goes on after it, with the results that there are.</param>
/// <param name="Steps">The whole reply.</param>
internal sealed record ReplyPlan(ScenarioPlace Place, IReadOnlyList<ScenarioStep> Steps)
{
    /// <summary>What to transcribe of the caller's turn.</summary>
    public string? CallerSaid { get; init; }

    /// <summary>For replies to typed texts.</summary>
    public Match? TextMatch { get; init; }

    /// <summary>The steps that are done: what has been said is not said again, what has been called is not called again.</summary>
    public IReadOnlySet<ScenarioStep> Played { get; init; } = ImmutableHashSet<ScenarioStep>.Empty;

    /// <summary>A text asked for it: it does not stall again.</summary>
    public bool Nudged { get; init; }

    /// <summary>Whether a function of these names is still to be called.</summary>
    public bool Calls(ICollection<string> names) => Steps.SelectMany(Flatten).Where(step => !Played.Contains(step))
        .OfType<CallToolsStep>().SelectMany(static step => step.Calls).Any(call => names.Contains(call.Name));

    private static IEnumerable<ScenarioStep> Flatten(ScenarioStep step) =>
        step is BranchStep branch ? branch.Cases.SelectMany(static each => each.Steps).SelectMany(Flatten) : [step];
}
