using System.ComponentModel.DataAnnotations;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Turns;

/// <summary>
/// Section <c>Turns</c>: when a conversation has stopped, and what is said then. The texts go to the model, which speaks
/// the caller's language; each is marked as coming from the system on its way.
/// </summary>
public sealed class TurnOptions : IValidatableObject
{
    public const string Section = "Turns";

    /// <summary>The caller has finished and nothing comes for this long: the model is nudged. 0: stalls are not watched.</summary>
    [Range(0, 120)]
    public double StallSeconds { get; set; } = 4;

    /// <summary>From one step of the recovery to the next: nudge, reconnect, fall back, give up.</summary>
    [Range(0.1, 120)]
    public double StallStepSeconds { get; set; } = 3;

    /// <summary>A turn that is complete without audio will not become one: it is nudged sooner.</summary>
    [Range(0.1, 120)]
    public double EmptyTurnSeconds { get; set; } = 1;

    /// <summary>In the middle of a generation: no audio came for this long, and all of it has been played.</summary>
    [Range(0.1, 120)]
    public double DroughtSeconds { get; set; } = 3;

    /// <summary>A sound of the caller that is shorter (a cough, a click) is owed no answer, unless the model transcribes it.</summary>
    [Range(0, 5000)]
    public int MinSpeechMs { get; set; } = 200;

    /// <summary>Neither side speaks for this long: the model asks whether the caller is still there. 0: never.</summary>
    [Range(0, 3600)]
    public double IdleSeconds { get; set; } = 15;

    /// <summary>How often it asks before it says goodbye.</summary>
    [Range(0, 20)]
    public int IdlePrompts { get; set; } = 2;

    /// <summary>Silence after the last prompt until the goodbye.</summary>
    [Range(0.1, 3600)]
    public double IdleGoodbyeSeconds { get; set; } = 15;

    /// <summary>How long before the longest duration of a call the caller is told. 0: not at all.</summary>
    [Range(0, 3600)]
    public double WarningSeconds { get; set; } = 60;

    /// <summary>A goodbye that the model was asked for is waited for this long.</summary>
    [Range(0.1, 60)]
    public double GoodbyeGraceSeconds { get; set; } = 10;

    /// <summary>A tool that takes longer, or a connection that owes an answer and is away for longer, is bridged by the filler.</summary>
    [Range(0, 60_000)]
    public int FillerAfterMs { get; set; } = 1000;

    /// <summary>Empty: none. <c>tone</c>: two soft notes every two seconds. Otherwise the path of a WAV file, mono at 24 kHz, played once.</summary>
    public string Filler { get; set; } = "tone";

    public string AnswerText { get; set; } = "The caller has finished speaking and is waiting. Answer now.";

    public string SpeakText { get; set; } = "The caller is on the line and hears nothing. Speak to them now.";

    public string GoOnText { get; set; } = "The caller may not have heard the end of your last sentence. Say it again from where it broke off, then go on.";

    public string ToolText { get; set; } = "The caller is waiting for the result of the tool. Tell them now what it was.";

    public string ListenText { get; set; } = "The caller is speaking over you. Stop, and listen to them.";

    public string IdlePromptText { get; set; } =
        "The caller has been silent for a while: ask in one short sentence whether they are still there, or say that you wait if they asked for time.";

    public string IdleGoodbyeText { get; set; } = "The caller does not answer any more: say goodbye and that they may call again.";

    /// <summary><c>{left}</c> stands for the time that is left, as in "one minute".</summary>
    public string DurationWarningText { get; set; } = "This call must end in {left}: tell the caller in one short sentence.";

    public string DurationGoodbyeText { get; set; } = "The time of this call is over: say goodbye and end the conversation.";

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (FillerProblem() is { } problem) yield return new(problem, [nameof(Filler)]);
    }

    private string? FillerProblem()
    {
        try
        {
            _ = Turns.Filler.Load(Filler, Section);
            return null;
        }
        catch (ConfigurationException e)
        {
            return e.Problem;
        }
    }
}
