using System.CommandLine;

namespace VoiceGateway.Caller;

/// <summary>An option that takes a duration, and whose help shows what it is when left out as people write it.</summary>
internal sealed class DurationOption : Option<TimeSpan?>
{
    private readonly TimeSpan _initially;

    public DurationOption(string name, string description, string initially) : base(name)
    {
        _initially = DurationText.TryParse(initially, out var time) ? time : throw new ArgumentException("No duration.", nameof(initially));
        Description = $"{description} ({initially} when left out)";
        HelpName = "duration";
        CustomParser = CliOptions.ParseDuration;
    }

    public TimeSpan Of(ParseResult arguments) => arguments.GetValue(this) ?? _initially;
}
