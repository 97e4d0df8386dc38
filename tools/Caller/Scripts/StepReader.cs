namespace VoiceGateway.Caller;

/// <summary>Reads one step: an object whose one verb says what is done.</summary>
internal sealed class StepReader(ClipSource clips)
{
    private static readonly string[] Verbs = ["listen", "say", "interrupt", "tone", "dtmf", "wait", "hangUp", "awaitBye"];

    public CallerStep Read(ScriptValue value)
    {
        var step = value.Object([.. Verbs, "text"]);
        var verbs = Verbs.Where(step.Has).ToArray();
        if (verbs.Length != 1)
            throw new ScriptFormatException(value.Where, $"a step has exactly one of {string.Join(", ", Verbs)}; this one has {(verbs.Length == 0 ? "none" : string.Join(" and ", verbs))}");
        var verb = verbs[0];
        var text = step.Optional("text")?.String();
        if (text is not null && verb is not ("say" or "interrupt"))
            throw new ScriptFormatException($"{value.Where}.text", $"only say and interrupt have a text, not {verb}");
        var argument = step.Required(verb);
        return verb switch
        {
            "listen" => Listen(argument),
            "say" => new SayStep(clips.Load(argument), text),
            "interrupt" => Interrupt(argument, text),
            "tone" => Tone(argument),
            "dtmf" => Dtmf(argument),
            "wait" => new WaitStep(argument.Duration()),
            "hangUp" => HangUp(argument),
            _ => new AwaitByeStep(argument.Duration()),
        };
    }

    private static ListenStep Listen(ScriptValue value)
    {
        var step = new ListenStep();
        if (!value.IsObject)
        {
            value.MustBeTrue();
            return step;
        }
        var listen = value.Object("silence", "timeout", "optional");
        return new ListenStep
        {
            Silence = listen.Optional("silence")?.Duration(),
            Timeout = listen.Optional("timeout")?.Duration() ?? step.Timeout,
            Optional = listen.Optional("optional")?.Bool() ?? false,
        };
    }

    private InterruptStep Interrupt(ScriptValue value, string? text)
    {
        var interrupt = value.Object("after", "say", "text", "timeout");
        var step = new InterruptStep(interrupt.Required("after").Duration(), clips.Load(interrupt.Required("say")), interrupt.Optional("text")?.String() ?? text);
        return interrupt.Optional("timeout") is { } timeout ? step with { Timeout = timeout.Duration() } : step;
    }

    private static ToneStep Tone(ScriptValue value)
    {
        var tone = value.Object("hz", "ms", "dbov");
        var hz = tone.Required("hz");
        var ms = tone.Required("ms");
        var level = tone.Optional("dbov");
        if (hz.Number() is not (>= 50 and <= 3900)) throw hz.Wrong("a frequency between 50 and 3900 Hz");
        if (ms.Number() is not (>= 20 and <= 600_000)) throw ms.Wrong("a length between 20 and 600000 ms");
        if (level?.Number() is { } dbov and not (>= -60 and <= -3)) throw level.Value.Wrong("a level between -60 and -3 dBov");
        return new ToneStep(hz.Number(), TimeSpan.FromMilliseconds(ms.Number()), level?.Number() ?? -20);
    }

    private static DtmfStep Dtmf(ScriptValue value) =>
        DtmfStep.IsValid(value.String()) ? new DtmfStep(value.String()) : throw value.Wrong("keys of a telephone: 0-9 * # A-D");

    private static HangUpStep HangUp(ScriptValue value)
    {
        value.MustBeTrue();
        return new HangUpStep();
    }
}
