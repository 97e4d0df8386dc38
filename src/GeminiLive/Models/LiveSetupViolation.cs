namespace VoiceGateway.GeminiLive;

/// <summary>A setting that the service would refuse, or that cannot do what it says.</summary>
/// <param name="Setting">Path within <see cref="LiveSetup"/>: <c>Thinking.Level</c>, <c>Functions[book].Behavior</c>.</param>
/// <param name="Problem">What is wrong, without a full stop.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record LiveSetupViolation(string Setting, string Problem, string Remedy)
{
    /// <summary>True: sent as it is and perhaps right, for the service's lists grow faster than ours. For the log.</summary>
    public bool IsAdvice { get; init; }

    public override string ToString() => $"{Setting}: {Problem}; {Remedy}";
}
