using System.CommandLine;
using System.Globalization;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary><c>caller load</c>: many calls at once, and what became of them.</summary>
internal sealed class LoadCommand
{
    private readonly Argument<SipUri> _target = CliOptions.Target();
    private readonly Option<SipUri?> _from = CliOptions.From();
    private readonly Option<bool> _tcp = CliOptions.Tcp();
    private readonly Option<CallerCodec> _codec = CliOptions.Codec();
    private readonly Option<int?> _calls = CliOptions.Positive("--calls", "How many calls at once");
    private readonly Option<double?> _rate = new("--rate") { Description = "Calls placed a second (10 when left out)" };
    private readonly DurationOption _duration = new("--duration", "How long all calls stay up", "60s");
    private readonly Option<string[]> _say = new("--say") { HelpName = "file", Description = "WAV files that the callers speak; call n begins with file n" };
    private readonly Option<string?> _script = CliOptions.File("--script", "A JSON script that every caller plays again and again");
    private readonly Option<bool> _noGreeting = new("--no-greeting") { Description = "The agent does not speak first" };
    private readonly Option<bool> _redial = new("--redial") { Description = "Call again when the agent ends a call, instead of counting it as lost" };
    private readonly Option<int?> _watch = CliOptions.Positive("--watch-pid", "Measure the processor time and memory of this process, the gateway's");
    private readonly Option<string?> _report = CliOptions.File("--report", "Write all figures as JSON");
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors" };

    public static Command Create() => new LoadCommand().Build();

    private Command Build()
    {
        _calls.Required = true;
        _rate.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var rate) || rate is not (> 0 and <= 10_000)))
                result.AddError($"--rate: \"{result.Tokens[0].Value}\" is not a number of calls a second");
        });
        var command = new Command("load", "Place many calls at once from this process, and measure what the callers hear")
        {
            _target, _from, _tcp, _codec, _calls, _rate, _duration, _say, _script, _noGreeting, _redial, _watch, _report, _quiet,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var error = arguments.InvocationConfiguration.Error;
        var output = arguments.GetValue(_quiet) ? TextWriter.Null : arguments.InvocationConfiguration.Output;
        var wrong = OutputFile.Check("--report", arguments.GetValue(_report));
        var scripts = wrong is null ? Scripts(arguments, out wrong) : null;
        if (arguments.GetValue(_watch) is { } pid && ProcessSample.Take(pid) is null) wrong ??= $"--watch-pid: there is no process {pid}";
        if (wrong is not null) return CommandLine.Complain(error, wrong, ExitCode.BadUsage);

        var target = Targets.Over(arguments.GetRequiredValue(_target), arguments.GetValue(_tcp));
        if (await LocalAddress.TowardsAsync(target, cancellationToken) is not { } local)
            return CommandLine.Complain(error, $"there is no way to {target.Host}", ExitCode.Failed);

        var load = new LoadOptions
        {
            Calls = arguments.GetRequiredValue(_calls)!.Value,
            CallsPerSecond = arguments.GetValue(_rate) ?? 10,
            Duration = _duration.Of(arguments),
            Scripts = scripts!,
            Call = new CallerOptions { Target = target, From = arguments.GetValue(_from), Codec = arguments.GetValue(_codec) },
            Redials = arguments.GetValue(_redial),
            WatchPid = arguments.GetValue(_watch),
        };
        LoadReport report;
        await using (var softphone = await Softphone.StartAsync(new SoftphoneOptions { LocalAddress = local, FirstRtpPort = 30000, LastRtpPort = 59999 }, cancellationToken))
        {
            report = await new LoadGenerator(softphone, load).RunAsync(new LoadPrinter(output), cancellationToken);
        }
        LoadPrinter.Print(report, output);
        if (arguments.GetValue(_report) is { } json) ReportJson.Write(json, report);
        var failed = report.CallsPlaced - report.CallsAnswered + report.CallsLost;
        return failed == 0 ? ExitCode.Fine
            : CommandLine.Complain(error, $"{failed} of {report.CallsPlaced} calls failed: {string.Join("; ", report.Failures.Select(f => $"{f.Value} x {f.Key}"))}", ExitCode.Failed);
    }

    private List<CallerScript>? Scripts(ParseResult arguments, out string? error)
    {
        var files = arguments.GetValue(_say) ?? [];
        if (arguments.GetValue(_script) is { } path)
        {
            error = files.Length > 0 ? "--script and --say exclude each other: the script holds the steps" : null;
            if (error is not null || !CallerScript.TryLoad(path, out var script, out error)) return null;
            return [script];
        }
        if (files.Length == 0)
        {
            error = "--say or --script is missing: the callers have nothing to say";
            return null;
        }
        var clips = new List<SpeechClip>();
        foreach (var file in files)
        {
            if (!SpeechClip.TryFromWav(file, out var clip, out var wrong))
            {
                error = $"--say: {wrong}";
                return null;
            }
            clips.Add(clip);
        }
        error = null;
        return LoadScripts.Of(clips, agentGreets: !arguments.GetValue(_noGreeting));
    }
}
