namespace VoiceGateway.Caller.Tests;

public class LoadGeneratorTests
{
    private static readonly SpeechClip Words = SpeechClip.FromPcm(Pcm.Tone(600, 300), 8000);

    [Fact]
    public async Task RunAsync_AFewCalls_MeasuresThemAll()
    {
        await using var rig = await CallRig.StartAsync();
        var options = new LoadOptions
        {
            Calls = 8,
            CallsPerSecond = 40,
            Duration = TimeSpan.FromSeconds(4),
            Scripts = LoadScripts.Of([Words]),
            Call = rig.Options(),
            WatchPid = OperatingSystem.IsLinux() ? Environment.ProcessId : null,
        };

        var report = await new LoadGenerator(rig.Phone, options).RunAsync();

        Assert.Equal(8, report.CallsPlaced);
        Assert.Equal(8, report.CallsAnswered);
        Assert.Equal(0, report.CallsLost);
        Assert.Empty(report.Failures);
        Assert.Equal(8, report.SetupMs.Count);
        Assert.True(report.SetupMs.P99 >= report.SetupMs.P50);
        Assert.True(report.Turns >= 8);
        Assert.True(report.TurnLatencyMs.P50 > 200);
        Assert.True(report.InterArrivalMs.Count > 8 * 150);
        Assert.InRange(report.InterArrivalMs.P50!.Value, 15, 26);
        Assert.True(report.PacketsReceived > 8 * 150);
        Assert.Equal(OperatingSystem.IsLinux(), report.Gateway is not null);
    }

    [Fact]
    public async Task RunAsync_PeerHangsUp_CountsLostCalls()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { HangsUpAfterReplies = 1 });
        var options = new LoadOptions { Calls = 2, CallsPerSecond = 50, Duration = TimeSpan.FromSeconds(20), Scripts = LoadScripts.Of([Words]), Call = rig.Options() };

        var report = await new LoadGenerator(rig.Phone, options).RunAsync();

        Assert.Equal(2, report.CallsLost);
        Assert.Equal(2, Assert.Single(report.Failures).Value);
        Assert.True(report.SteadySeconds < 20);
    }

    [Fact]
    public async Task RunAsync_PeerHangsUpAndCallersRedial_KeepsThemUp()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { HangsUpAfterReplies = 1 });
        var options = new LoadOptions { Calls = 2, CallsPerSecond = 50, Duration = TimeSpan.FromSeconds(7), Scripts = LoadScripts.Of([Words]), Call = rig.Options(), Redials = true };

        var report = await new LoadGenerator(rig.Phone, options).RunAsync();

        Assert.True(report.CallsPlaced >= 4);
        Assert.Equal(0, report.CallsLost);
        Assert.Empty(report.Failures);
        Assert.Equal(7, report.SteadySeconds, 1.5);
    }

    [Fact]
    public async Task RunAsync_Refused_TellsWhy()
    {
        await using var rig = await CallRig.StartAsync(new AgentBehaviour { RefuseWith = 503 });
        var options = new LoadOptions { Calls = 3, CallsPerSecond = 50, Duration = TimeSpan.FromSeconds(20), Scripts = LoadScripts.Of([Words]), Call = rig.Options() };

        var report = await new LoadGenerator(rig.Phone, options).RunAsync();

        Assert.Equal(0, report.CallsAnswered);
        Assert.Equal(3, report.Failures.Single(failure => failure.Key.Contains("503", StringComparison.Ordinal)).Value);
    }
}
