namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Tests that count the allocations of the process run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
