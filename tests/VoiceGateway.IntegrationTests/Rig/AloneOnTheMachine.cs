namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>For tests whose verdict depends on the machine's time, on processes of their own, or on what the whole process says.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}
