using Spectre.Console;
using Spectre.Console.Rendering;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;

namespace VoiceGateway.Demo;

/// <summary>The terminal's view of the demo: who speaks, the transcript, tool calls and latencies, as they happen. Without a terminal, line by line.</summary>
internal sealed class DemoStage : IProgress<CallerEvent>
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly HashSet<string> _printed = [];
    private volatile Call? _call;
    private volatile bool _callerSpeaks;
    private volatile bool _agentSpeaks;
    private volatile string _state = "dialling";

    public DemoStage(Gateway gateway)
    {
        gateway.Calls.Added += call => _call ??= call;
        _console.MarkupLine("[bold]VoiceGateway demo[/]: a real SIP call on loopback. [yellow]The agent is the built-in simulator, not a model.[/]");
        _console.MarkupLineInterpolated($"[grey]{gateway.ReadyLine}[/]");
    }

    public string CallId => _call?.Id ?? throw new InvalidOperationException("the gateway never saw the call");

    void IProgress<CallerEvent>.Report(CallerEvent happened)
    {
        switch (happened.Kind)
        {
            case CallerEventKind.Ringing: _state = "ringing"; break;
            case CallerEventKind.Answered: _state = $"talking, {happened.Text}"; break;
            case CallerEventKind.AgentSpeaks: _agentSpeaks = true; break;
            case CallerEventKind.AgentSilent: _agentSpeaks = false; break;
            case CallerEventKind.CallerSpeaks or CallerEventKind.Interrupts: _callerSpeaks = true; break;
            case CallerEventKind.CallerSilent: _callerSpeaks = false; break;
            case CallerEventKind.Ended: (_state, _agentSpeaks, _callerSpeaks) = ($"ended: {happened.Text}", false, false); break;
        }
    }

    /// <summary>Shows the call until it is over.</summary>
    public async Task<CallerReport> ShowAsync(Task<CallerReport> call)
    {
        if (_console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
            await _console.Live(Text.Empty).StartAsync(live => FollowAsync(call, () => live.UpdateTarget(Picture())));
        else
            await FollowAsync(call, PrintNews);
        return await call;
    }

    public void Conclude(CallView call, DemoVerdict verdict, string folder)
    {
        _console.WriteLine();
        _console.Write(Latencies(call));
        foreach (var (what, passed, seen) in verdict.Checks)
            _console.MarkupLine($"{(passed ? "[green]ok  [/]" : "[red]FAIL[/]")} {what} [grey]({Markup.Escape(seen)})[/]");
        _console.WriteLine();
        foreach (var file in new[] { "call.html", "call.wav", "call.json" }) _console.WriteLine($"  {Path.Combine(folder, file)}");
    }

    private static async Task FollowAsync(Task call, Action show)
    {
        while (!call.IsCompleted)
        {
            show();
            await Task.WhenAny(call, Task.Delay(Refresh));
        }
        show();
    }

    private IRenderable Picture()
    {
        if (_call is not { } call) return new Markup("[grey]dialling…[/]");
        var seen = CallView.From(call.Snapshot());
        var words = new Table().Border(TableBorder.None).HideHeaders().AddColumns("at", "who", "words");
        foreach (var said in seen.Transcript.TakeLast(9))
        {
            var text = said.HeardInFull ? Markup.Escape(said.Text) : $"{Markup.Escape(said.HeardText!)} [strikethrough grey]{Markup.Escape(said.Text[said.HeardText!.Length..])}[/]";
            words.AddRow(new Markup($"[grey]{said.StartedMs / 1000.0,6:F1}[/]"), new Markup(said.Speaker == "agent" ? "[aqua]agent [/]" : "[yellow]caller[/]"), new Markup(text));
        }
        var tools = new Table().Border(TableBorder.None).HideHeaders().AddColumns("tool", "result");
        foreach (var tool in seen.ToolCalls.TakeLast(5))
            tools.AddRow(Markup.Escape($"{tool.Name}({tool.Arguments})"), $"[green]{tool.Outcome}[/] [grey]{tool.AnsweredMs - tool.AskedMs} ms[/]");
        return new Rows(
            new Markup($"{Lamp(_callerSpeaks, "yellow", "caller")}  {Lamp(_agentSpeaks, "aqua", "agent")}  [grey]{Markup.Escape(_state)}  {call.Timeline.Now.TotalSeconds:F1} s[/]"),
            new Panel(words).Header("transcript, as heard").Expand(),
            new Panel(tools).Header("tools").Expand(),
            Latencies(seen));
    }

    private static string Lamp(bool on, string colour, string who) => on ? $"[black on {colour}] {who} speaks [/]" : $"[grey] {who}        [/]";

    private static Table Latencies(CallView call)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("answer", "caller waited", "of that the gateway's own");
        var number = 0;
        foreach (var turn in call.Turns)
            table.AddRow(turn.CallerStoppedMs is null ? "greeting" : $"{++number}", turn.LatencyMs is { } waited ? $"{waited:F0} ms" : "-", turn.GatewayMs is { } own ? $"{own:F1} ms" : "-");
        return table;
    }

    private void PrintNews()
    {
        if (_call is not { } call) return;
        var seen = CallView.From(call.Snapshot());
        foreach (var tool in seen.ToolCalls.Where(static t => t.AnsweredMs is not null))
            Once($"tool {tool.Id}", $"{tool.AskedMs / 1000.0,6:F1}  tool    {tool.Name}({tool.Arguments}) -> {tool.Outcome}");
        // What is still being said may grow; it is printed when the next has begun, or when the call is over.
        var settled = seen.State is "ending" or "ended" ? seen.Transcript : seen.Transcript.SkipLast(1);
        foreach (var said in settled)
            Once($"said {said.StartedMs}", $"{said.StartedMs / 1000.0,6:F1}  {said.Speaker,-6}  {said.HeardText ?? said.Text}{(said.HeardInFull ? "" : " [cut off]")}");
    }

    private void Once(string key, string line)
    {
        if (_printed.Add(key)) Console.WriteLine(line);
    }
}
