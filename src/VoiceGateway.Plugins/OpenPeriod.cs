namespace VoiceGateway.Plugins;

/// <summary>A stretch of business hours, in the business's wall-clock time.</summary>
public readonly record struct OpenPeriod(DateTime Opens, DateTime Closes)
{
    public override string ToString() => $"{Words.Time(Opens)} to {Words.Time(Closes)}";
}
