using System.Diagnostics;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class DeliveryFaultTests
{
    private const int ToneBytes = 2000 * 48;

    [Theory]
    [InlineData("burst", 6)]
    [InlineData("""{"kind":"burst","oneMessage":true}""", 1)]
    public async Task Burst_TheWholeReply_ComesAtOnce(string fault, int leastMessages)
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "greeting": [ { "tone": { "frequencyHz": 500, "milliseconds": 12000 } } ] }
            """) });
        await using var client = await TestClient.StartAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(Fault.Parse(fault));

        await client.NudgeAsync();
        await client.WaitForContentAsync("modelTurn");
        var started = Stopwatch.GetTimestamp();
        await client.WaitForContentAsync("generationComplete");

        // At six times real time it would take 2 s.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(1200), $"{Stopwatch.GetElapsedTime(started)}");
        Assert.Equal(6 * ToneBytes, client.Audio().Length);
        Assert.True(leastMessages == 1 ? client.AudioSizes().Count == 1 : client.AudioSizes().Count >= leastMessages, $"{client.AudioSizes().Count}");
    }

    [Fact]
    public async Task Drought_PausesOnceLongerThanWhatWasSentPlays()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "tone", FrameTimesKept = 1000 });
        await using var client = await TestClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.Drought { After = TimeSpan.FromMilliseconds(300), Pause = TimeSpan.FromMilliseconds(1500) });

        await client.NudgeAsync();
        await client.WaitForContentAsync("generationComplete");

        var times = session.SentFrameTimes;
        var holes = times.Zip(times.Skip(1), static (one, next) => TimeProvider.System.GetElapsedTime(one.Timestamp, next.Timestamp)).Where(static gap => gap > TimeSpan.FromMilliseconds(1200)).ToList();
        Assert.Single(holes);
        Assert.Equal(ToneBytes, client.Audio().Length);
    }

    [Fact]
    public async Task TinyChunks_EveryMessage_HoldsNoMore()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "tone" });
        await using var client = await TestClient.StartAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(Fault.Parse("tinyChunks:100"));

        await client.NudgeAsync();
        await client.WaitForContentAsync("generationComplete");

        Assert.Equal(ToneBytes, client.Audio().Length);
        Assert.All(client.AudioSizes(), static size => Assert.InRange(size, 1, 100));
    }

    [Fact]
    public async Task Slow_TakesLongerThanItPlays()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "greeting": [ { "tone": { "frequencyHz": 500, "milliseconds": 1000 } } ] }
            """) });
        await using var client = await TestClient.StartAsync(server);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.Slow { Speed = 0.5 });

        await client.NudgeAsync();
        await client.WaitForContentAsync("modelTurn");
        var started = Stopwatch.GetTimestamp();
        await client.WaitForContentAsync("generationComplete");

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.2, 4);
    }
}
