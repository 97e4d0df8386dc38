using System.Net;
using VoiceGateway.Caller;
using VoiceGateway.Calls;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Calls;

/// <summary>What the rig does not see of a gateway that goes on: a method of some call's that waits for ever.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class LeftoverTests
{
    [Fact]
    public async Task Calls_HoweverTheyEnd_LeaveNoTaskBehind()
    {
        using var watch = ActiveTasks.Watch();
        await using var rig = await GatewayRig.StartAsync("book-a-table");
        await EndInSeveralWaysAsync(rig);
        var before = await SettledAsync();

        await EndInSeveralWaysAsync(rig);
        for (var i = 0; i < 500 && Beyond(before).Count > 0; i++) await Task.Delay(20);
        Assert.Empty(Beyond(before));

        List<string> Beyond(Dictionary<string, int> known) => [.. ActiveTasks.Now().Where(task => task.Value > known.GetValueOrDefault(task.Key)).Select(static task => task.Key)];
    }

    // The first calls leave what stays for all of them: connections that are kept, a pool's cleaner.
    private static async Task<Dictionary<string, int>> SettledAsync()
    {
        await Task.Delay(1000);
        return ActiveTasks.Now();
    }

    private static async Task EndInSeveralWaysAsync(GatewayRig rig)
    {
        var talked = await rig.CallAsync(new ListenStep(), new SayStep(GatewayRig.Line(0)), new InterruptStep(TimeSpan.FromSeconds(1), GatewayRig.Line(1)), new HangUpStep());
        Assert.True(talked.Succeeded, string.Join("; ", talked.Problems));

        var cancelled = await rig.CallAsync(new CallerOptions { Target = rig.Target(), AnswerTimeout = TimeSpan.FromMilliseconds(20) }, new ListenStep());
        Assert.Equal(CallerOutcome.Unanswered, cancelled.Outcome);

        var ended = rig.CallAsync(new AwaitByeStep(TimeSpan.FromSeconds(20)));
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.All.Any(static c => c.Snapshot().State == CallState.Talking), "the call talks");
        Assert.Contains(ActiveTasks.Now().Keys, static task => task.StartsWith("VoiceGateway.Calls.Call+<RunAsync>", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, (await rig.Http.DeleteAsync($"/api/calls/{rig.Gateway.Calls.All[0].Id}")).StatusCode);
        Assert.Equal(CallerOutcome.RemoteHungUp, (await ended).Outcome);
        await GatewayRig.WaitUntilAsync(() => rig.Gateway.Calls.Count == 0, "the calls end");
    }
}
