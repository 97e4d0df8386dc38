using Xunit.Abstractions;

namespace VoiceGateway.Codecs.Tests;

/// <summary>Not beside others: it collects garbage, which they would count as theirs.</summary>
[CollectionDefinition(nameof(DuplexMemoryTests), DisableParallelization = true)]
[Collection(nameof(DuplexMemoryTests))]
public class DuplexMemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void Memory_OfALineWithoutEcho_IsAtMost16kB()
    {
        const int Calls = 200;
        var agent = DuplexLine.At(0.2, DuplexLine.Voice("agent-m"), -20, 4)[..(4 * DuplexLine.Second)];
        var caller = DuplexLine.At(2.5, DuplexLine.Voice("yes-m"), -24, 4)[..(4 * DuplexLine.Second)];
        var detectors = new DuplexVoiceDetector[Calls];
        new DuplexLine().Run(agent, null, caller);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Calls; i++)
        {
            detectors[i] = new DuplexVoiceDetector();
            new DuplexLine { Detector = detectors[i] }.Run(agent, null, caller);
        }
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Calls;
        output.WriteLine($"{each} bytes a call");
        Assert.All(detectors, static detector => Assert.False(detector.Echo.Found || detector.Echo.Undecided));
        Assert.InRange(each, 1000, 16 * 1024);
    }
}
