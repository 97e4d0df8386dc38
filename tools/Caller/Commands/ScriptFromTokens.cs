using System.Globalization;

namespace VoiceGateway.Caller;

/// <summary>
/// Turns the steps of a command line into a script, in the order in which they were written. Before the caller says or dials anything it listens,
/// unless it waits or interrupts instead.
/// </summary>
internal sealed class ScriptFromTokens(bool agentGreets)
{
    private readonly List<CallerStep> _steps = [];
    private TimeSpan? _interruptAfter;
    private bool _mayListen = agentGreets;

    /// <returns>Null when the step was taken, else what is wrong with it.</returns>
    public string? Add(string option, string value) => option switch
    {
        "--say" => Say(value),
        "--text" => Text(value),
        "--interrupt-after" => InterruptAfter(value),
        "--dtmf" => Dtmf(value),
        "--tone" => Tone(value),
        "--wait" => Wait(value),
        "--await-bye" => AwaitBye(value),
        _ => throw new ArgumentException("No step.", nameof(option)),
    };

    public CallerScript? Finish(out string? error)
    {
        error = _interruptAfter is null ? null : "--interrupt-after needs a --say after it";
        if (_steps.LastOrDefault() is not AwaitByeStep) Listen();
        _steps.Add(new HangUpStep());
        return error is null ? new CallerScript(_steps) : null;
    }

    private string? Say(string file)
    {
        if (!SpeechClip.TryFromWav(file, out var clip, out var error)) return $"--say: {error}";
        if (_interruptAfter is { } after) _steps.Add(new InterruptStep(after, clip));
        else Speak(new SayStep(clip));
        _interruptAfter = null;
        _mayListen = true;
        return null;
    }

    private string? Text(string text)
    {
        switch (_steps.LastOrDefault())
        {
            case SayStep say: _steps[^1] = say with { Text = text }; return null;
            case InterruptStep interrupt: _steps[^1] = interrupt with { Text = text }; return null;
            default: return "--text belongs behind the --say whose words it gives";
        }
    }

    private string? InterruptAfter(string value)
    {
        if (!DurationText.TryParse(value, out var after)) return $"--interrupt-after: \"{value}\" is not {DurationText.Expected}";
        _interruptAfter = after;
        return null;
    }

    private string? Dtmf(string digits)
    {
        if (!DtmfStep.IsValid(digits)) return $"--dtmf: \"{digits}\" are not keys of a telephone (0-9 * # A-D)";
        Speak(new DtmfStep(digits));
        return null;
    }

    private string? Tone(string value)
    {
        var parts = value.Split(':');
        if (parts.Length != 2 || !double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hz) || hz is < 50 or > 3900
            || !DurationText.TryParse(parts[1], out var duration) || duration < TimeSpan.FromMilliseconds(20))
            return $"--tone: \"{value}\" is not a frequency between 50 and 3900 Hz and a duration, such as 440:500ms";
        Speak(new ToneStep(hz, duration));
        return null;
    }

    private string? Wait(string value)
    {
        if (!DurationText.TryParse(value, out var duration)) return $"--wait: \"{value}\" is not {DurationText.Expected}";
        _steps.Add(new WaitStep(duration));
        _mayListen = false;
        return null;
    }

    private string? AwaitBye(string value)
    {
        if (!DurationText.TryParse(value, out var timeout)) return $"--await-bye: \"{value}\" is not {DurationText.Expected}";
        _steps.Add(new AwaitByeStep(timeout));
        return null;
    }

    private void Speak(CallerStep step)
    {
        Listen();
        _steps.Add(step);
        _mayListen = true;
    }

    private void Listen()
    {
        if (_mayListen) _steps.Add(new ListenStep());
    }
}
