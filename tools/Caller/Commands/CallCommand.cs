using System.CommandLine;
using System.CommandLine.Parsing;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary><c>caller call</c>: one call, its events as they happen, its report at the end.</summary>
internal sealed class CallCommand
{
    private readonly Argument<SipUri> _target = CliOptions.Target();
    private readonly Option<SipUri?> _from = CliOptions.From();
    private readonly Option<bool> _tcp = CliOptions.Tcp();
    private readonly Option<CallerLaw> _law = CliOptions.Law();
    private readonly Option<string?> _script = CliOptions.File("--script", "Play a JSON script instead of the steps of the command line");
    private readonly Option<string?> _record = CliOptions.File("--record", "Write what the caller heard as WAV, 8 kHz mono");
    private readonly Option<string?> _recordBoth = CliOptions.File("--record-stereo", "Write both directions as WAV: left what the caller said, right what it heard");
    private readonly Option<string?> _report = CliOptions.File("--report", "Write all figures as JSON");
    private readonly Option<bool> _noGreeting = new("--no-greeting") { Description = "The agent does not speak first: do not listen before the first step" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors" };
    private readonly Option<TimeSpan> _turnSilence = CliOptions.Duration("--turn-silence", "The silence that ends the agent's turn", TimeSpan.FromMilliseconds(700));
    private readonly Option<TimeSpan> _answerTimeout = CliOptions.Duration("--answer-timeout", "Cancel when nobody answers by then", TimeSpan.FromSeconds(30));
    private readonly Option<TimeSpan> _maxDuration = CliOptions.Duration("--max-duration", "Hang up then, wherever the call is", TimeSpan.FromMinutes(10));

    public static Command Create() => new CallCommand().Build();

    private Command Build()
    {
        var command = new Command("call", "Place one call, speak, listen, and report what was measured")
        {
            _target, _from, _tcp, _law, _script, _record, _recordBoth, _report, _noGreeting, _quiet, _turnSilence, _answerTimeout, _maxDuration,
            Step("--say", "file", "Step: speak a WAV file (8, 16 or 24 kHz)"),
            Step("--text", "words", "The words of the --say before it, for the report and the display"),
            Step("--interrupt-after", "duration", "The --say after it interrupts the agent when it has been speaking for so long"),
            Step("--dtmf", "keys", "Step: press keys"),
            Step("--tone", "hz:duration", "Step: send a tone, 440:500ms"),
            Step("--wait", "duration", "Step: say nothing for so long, instead of listening"),
            Step("--await-bye", "duration", "Step: wait for the other side to hang up"),
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static Option<string[]> Step(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var error = arguments.InvocationConfiguration.Error;
        var output = arguments.GetValue(_quiet) ? TextWriter.Null : arguments.InvocationConfiguration.Output;
        var script = Script(arguments, out var wrong);
        wrong ??= OutputFile.Check("--record", arguments.GetValue(_record))
            ?? OutputFile.Check("--record-stereo", arguments.GetValue(_recordBoth))
            ?? OutputFile.Check("--report", arguments.GetValue(_report));
        if (wrong is not null) return Complain(error, wrong, ExitCode.BadUsage);

        var options = new CallerOptions
        {
            Target = Targets.Over(arguments.GetRequiredValue(_target), arguments.GetValue(_tcp)),
            From = arguments.GetValue(_from),
            Law = arguments.GetValue(_law),
            Progress = new EventPrinter(output),
            TurnSilence = arguments.GetValue(_turnSilence),
            AnswerTimeout = arguments.GetValue(_answerTimeout),
            MaxDuration = arguments.GetValue(_maxDuration),
        };
        if (await LocalAddress.TowardsAsync(options.Target, cancellationToken) is not { } local)
            return Complain(error, $"there is no way to {options.Target.Host}", ExitCode.Failed);

        CallerReport report;
        await using (var softphone = await Softphone.StartAsync(new SoftphoneOptions { LocalAddress = local, ClockTick = TimeSpan.FromMilliseconds(1) }, cancellationToken))
        {
            report = await softphone.CallAsync(script!, options, cancellationToken);
        }
        CallSummary.Print(report, output);
        Write(arguments, report);
        foreach (var problem in report.Problems) error.WriteLine($"caller: {problem}");
        return report.Succeeded ? ExitCode.Fine
            : report.Problems.Count > 0 ? ExitCode.Failed
            : Complain(error, report.Reason, ExitCode.Failed);
    }

    private CallerScript? Script(ParseResult arguments, out string? error)
    {
        var steps = Steps(arguments).ToList();
        if (arguments.GetValue(_script) is { } path)
        {
            error = steps.Count > 0 ? $"--script and {steps[0].Option} exclude each other: the script holds the steps" : null;
            if (error is not null) return null;
            return CallerScript.TryLoad(path, out var script, out error) ? script : null;
        }
        var builder = new ScriptFromTokens(agentGreets: !arguments.GetValue(_noGreeting));
        foreach (var (option, value) in steps)
        {
            error = builder.Add(option, value);
            if (error is not null) return null;
        }
        return builder.Finish(out error);
    }

    /// <summary>The order of the command line is the order of the steps, so that the tokens are read rather than each option's values.</summary>
    private static IEnumerable<(string Option, string Value)> Steps(ParseResult arguments)
    {
        string? step = null;
        foreach (var token in arguments.Tokens)
        {
            if (token.Type == TokenType.Option)
            {
                step = ScriptFromTokens.StepOptions.Contains(token.Value) ? token.Value : null;
            }
            else if (step is not null && token.Type == TokenType.Argument)
            {
                yield return (step, token.Value);
                step = null;
            }
        }
    }

    private void Write(ParseResult arguments, CallerReport report)
    {
        if (arguments.GetValue(_record) is { } heard) report.Recording.WriteHeard(heard);
        if (arguments.GetValue(_recordBoth) is { } both) report.Recording.WriteStereo(both);
        if (arguments.GetValue(_report) is { } json) ReportJson.Write(json, report);
    }

    private static int Complain(TextWriter error, string what, int code)
    {
        error.WriteLine($"caller: {what}");
        return code;
    }
}
