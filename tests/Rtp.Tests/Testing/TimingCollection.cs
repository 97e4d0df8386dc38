namespace VoiceGateway.Rtp.Tests;

/// <summary>Tests of cadence and allocation run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimingCollection
{
    public const string Name = "timing";
}
