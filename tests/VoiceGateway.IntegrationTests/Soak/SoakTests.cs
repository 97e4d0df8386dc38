using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Soak;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Soak;

/// <summary><c>bench/Soak</c> for a minute: the same calls, faults and judge.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task FourCallsForAMinute_RotationsAndFaultsAllTheWhile_NothingIsLost()
    {
        var options = new SoakOptions
        {
            Calls = 4,
            Duration = TimeSpan.FromSeconds(80),
            RotateEvery = TimeSpan.FromSeconds(10),
            GoAwayLeft = TimeSpan.FromSeconds(4),
            FaultEvery = TimeSpan.FromSeconds(5),
            // A connection that dies under a long answer is found out by the silence after it: 15 s, then a prompt in vain, then a nudge in vain.
            Calm = TimeSpan.FromSeconds(38),
            Seed = 7,
        };
        using var folder = new SoakFolder(Path.Combine(AppContext.BaseDirectory, "config", "gateway.json"), options.Rounds);
        await using var simulator = await LiveSimulatorServer.StartAsync(SoakRun.SimulatorFor(folder));
        var settings = SoakRun.SettingsFor(options, folder, simulator).Select(static s => (s.Key, (string?)s.Value)).Append(("ConfigFolder", folder.Config));
        await using var rig = await GatewayRig.StartAsync("say", [.. settings]);

        var run = new SoakCalls(options, simulator);
        await run.RunAsync(rig.Phone, rig.Target(), CancellationToken.None);
        var records = await GatewayBooks.RecordsAsync(rig.Http, options.Calls, CancellationToken.None);
        var verdict = await SoakJudge.JudgeAsync(run, records, await GatewayBooks.OrdersAsync(folder.Database, CancellationToken.None), CancellationToken.None);

        output.WriteLine(SoakReport.ToMarkdown(options, verdict, verdict.Criteria, [], "integration test"));
        Assert.All(verdict.Criteria, static c => Assert.True(c.Kept, $"{c.Promise}: {c.Found}"));
        Assert.True(verdict.Faults.Count(static f => f.Session is not null) > 20, "the faults did not come");
    }
}
