using System.CommandLine;
using System.CommandLine.Parsing;

namespace VoiceGateway.Caller;

/// <summary>The script of <c>caller call</c>: a file, or the steps of the command line.</summary>
internal static class CallScript
{
    private static readonly (string Name, string Value, string Description)[] Steps =
    [
        ("--say", "file", "Step: speak a WAV file (8, 16 or 24 kHz)"),
        ("--text", "words", "The words of the --say before it, for the report and the display"),
        ("--interrupt-after", "duration", "The --say after it interrupts the agent when it has been speaking for so long"),
        ("--dtmf", "keys", "Step: press keys"),
        ("--tone", "hz:duration", "Step: send a tone, 440:500ms"),
        ("--wait", "duration", "Step: say nothing for so long, instead of listening"),
        ("--await-bye", "duration", "Step: wait for the other side to hang up"),
    ];

    public static IEnumerable<Option> StepOptions() =>
        Steps.Select(step => new Option<string[]>(step.Name) { HelpName = step.Value, Description = step.Description });

    /// <returns>Null, and what is wrong.</returns>
    public static CallerScript? Of(ParseResult arguments, string? file, bool agentGreets, out string? error)
    {
        var steps = InOrder(arguments).ToList();
        if (file is not null)
        {
            error = steps.Count > 0 ? $"--script and {steps[0].Option} exclude each other: the script holds the steps" : null;
            return error is null && CallerScript.TryLoad(file, out var script, out error) ? script : null;
        }
        var builder = new ScriptFromTokens(agentGreets);
        foreach (var (option, value) in steps)
        {
            error = value is null ? $"{option} needs a value" : builder.Add(option, value);
            if (error is not null) return null;
        }
        return builder.Finish(out error);
    }

    /// <summary>The order of the command line is the order of the steps, so that the tokens are read rather than each option's values.</summary>
    private static IEnumerable<(string Option, string? Value)> InOrder(ParseResult arguments)
    {
        string? step = null;
        foreach (var token in arguments.Tokens)
        {
            if (token.Type == TokenType.Option)
            {
                if (step is not null) yield return (step, null);
                step = Steps.Any(known => known.Name == token.Value) ? token.Value : null;
            }
            else if (step is not null && token.Type == TokenType.Argument)
            {
                yield return (step, token.Value);
                step = null;
            }
        }
        if (step is not null) yield return (step, null);
    }
}
