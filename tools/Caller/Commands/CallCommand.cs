using System.CommandLine;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary><c>caller call</c>: one call, its events as they happen, its report at the end.</summary>
internal sealed class CallCommand
{
    private readonly Argument<SipUri> _target = CliOptions.Target();
    private readonly Option<SipUri?> _from = CliOptions.From();
    private readonly Option<bool> _tcp = CliOptions.Tcp();
    private readonly Option<CallerCodec> _codec = CliOptions.Codec();
    private readonly Option<SrtpPolicy> _srtp = CliOptions.Srtp();
    private readonly Option<string?> _script = CliOptions.File("--script", "Play a JSON script instead of the steps of the command line");
    private readonly Option<string?> _record = CliOptions.File("--record", "Write what the caller heard as WAV, 8 kHz mono");
    private readonly Option<string?> _recordBoth = CliOptions.File("--record-stereo", "Write both directions as WAV: left what the caller said, right what it heard");
    private readonly Option<string?> _report = CliOptions.File("--report", "Write all figures as JSON");
    private readonly Option<bool> _noGreeting = new("--no-greeting") { Description = "The agent does not speak first: do not listen before the first step" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors" };
    private readonly DurationOption _turnSilence = new("--turn-silence", "The silence that ends the agent's turn", "700ms");
    private readonly DurationOption _answerTimeout = new("--answer-timeout", "Cancel when nobody answers by then", "30s");
    private readonly DurationOption _maxDuration = new("--max-duration", "Hang up then, wherever the call is", "10m");

    private readonly ImpairmentOptions _network = new();

    public static Command Create() => new CallCommand().Build();

    private Command Build()
    {
        var command = new Command("call", "Place one call, speak, listen, and report what was measured")
        {
            _target, _from, _tcp, _codec, _srtp, _script, _record, _recordBoth, _report, _noGreeting, _quiet, _turnSilence, _answerTimeout, _maxDuration,
        };
        foreach (var impairment in _network.All) command.Add(impairment);
        foreach (var step in CallScript.StepOptions()) command.Add(step);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var error = arguments.InvocationConfiguration.Error;
        var output = arguments.GetValue(_quiet) ? TextWriter.Null : arguments.InvocationConfiguration.Output;
        var script = CallScript.Of(arguments, arguments.GetValue(_script), agentGreets: !arguments.GetValue(_noGreeting), out var wrong);
        wrong ??= OutputFile.Check("--record", arguments.GetValue(_record))
            ?? OutputFile.Check("--record-stereo", arguments.GetValue(_recordBoth))
            ?? OutputFile.Check("--report", arguments.GetValue(_report));
        var network = _network.Of(arguments, out var badNetwork);
        wrong ??= badNetwork;
        if (wrong is not null) return CommandLine.Complain(error, wrong, ExitCode.BadUsage);

        var options = new CallerOptions
        {
            Target = Targets.Over(arguments.GetRequiredValue(_target), arguments.GetValue(_tcp)),
            From = arguments.GetValue(_from),
            Codec = arguments.GetValue(_codec),
            Srtp = arguments.GetValue(_srtp),
            Impairments = network!,
            Progress = new EventPrinter(output),
            TurnSilence = _turnSilence.Of(arguments),
            AnswerTimeout = _answerTimeout.Of(arguments),
            MaxDuration = _maxDuration.Of(arguments),
        };
        if (await LocalAddress.TowardsAsync(options.Target, cancellationToken) is not { } local)
            return CommandLine.Complain(error, $"there is no way to {options.Target.Host}", ExitCode.Failed);

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
            : CommandLine.Complain(error, report.Reason, ExitCode.Failed);
    }

    private void Write(ParseResult arguments, CallerReport report)
    {
        if (arguments.GetValue(_record) is { } heard) report.Recording.WriteHeard(heard);
        if (arguments.GetValue(_recordBoth) is { } both) report.Recording.WriteStereo(both);
        if (arguments.GetValue(_report) is { } json) ReportJson.Write(json, report);
    }
}
