namespace VoiceGateway.Soak;

/// <summary>What is to go wrong in which call, and when after the start of the run.</summary>
internal sealed record PlannedFault(TimeSpan At, int Call, SoakFault Fault)
{
    public const string GoAway = "goAway";

    public bool IsRotation => Fault.Name == GoAway;
}
