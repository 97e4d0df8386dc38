namespace VoiceGateway.Caller;

/// <summary>Prints what happens in a call, a line each, with seconds since the first thing that happened.</summary>
internal sealed class EventPrinter(TextWriter output) : IProgress<CallerEvent>
{
    private long _first;

    public void Report(CallerEvent value)
    {
        if (_first == 0) _first = value.Timestamp;
        var seconds = StopwatchTime.Milliseconds(value.Timestamp - _first) / 1000;
        output.WriteLine($"{seconds,8:0.000} s  {Words(value)}");
    }

    private static string Words(CallerEvent value) => value.Kind switch
    {
        CallerEventKind.Ringing => "ringing",
        CallerEventKind.Answered => $"answered, {value.Text}",
        CallerEventKind.AgentSpeaks => "agent speaks",
        CallerEventKind.AgentSilent => "agent silent",
        CallerEventKind.CallerSpeaks => $"caller speaks{Quoted(value.Text)}",
        CallerEventKind.CallerSilent => "caller silent",
        CallerEventKind.Interrupts => $"caller interrupts{Quoted(value.Text)}",
        CallerEventKind.Dtmf => $"caller dials {value.Text}",
        CallerEventKind.DtmfHeard => $"agent dials {value.Text}",
        _ => $"ended: {value.Text}",
    };

    private static string Quoted(string? text) => text is null ? "" : $": \"{text}\"";
}
