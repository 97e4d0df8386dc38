using System.Diagnostics;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class DoorFaultTests
{
    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Refuse_ForTheNextTwo_AnswersTheUpgradeAndThenLetsIn(int status)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(new Fault.Refuse { Status = status, RetryAfter = TimeSpan.FromSeconds(7) }, connections: 2);

        for (var i = 0; i < 2; i++)
        {
            await using var refused = await RawClient.ConnectAsync(server);
            Assert.StartsWith($"HTTP/1.1 {status}", refused.Status, StringComparison.Ordinal);
            Assert.Contains("Retry-After: 7", refused.Headers);
        }

        await using var client = await TestClient.StartAsync(server);
        Assert.Empty(server.Faults.Armed);
        Assert.Single(server.Sessions);
    }

    [Fact]
    public async Task Refuse_UntilItIsRemoved_LeavesTheOtherFaultsForThoseWhoGetIn()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        var refusal = server.Faults.Arm(new Fault.Refuse());
        server.Faults.Arm(new Fault.Close { Code = 1008 }, FaultMoment.Connect, connections: 1);
        for (var i = 0; i < 3; i++)
        {
            await using var refused = await RawClient.ConnectAsync(server);
            Assert.StartsWith("HTTP/1.1 503", refused.Status, StringComparison.Ordinal);
            Assert.DoesNotContain(refused.Headers, static header => header.StartsWith("Retry-After", StringComparison.Ordinal));
        }

        Assert.True(server.Faults.Remove(refusal.Id));
        await using var client = await RawClient.ConnectAsync(server);

        Assert.Equal(1008, RawClient.ReadClose(Assert.Single(await client.ReadToEndAsync())).Code);
        Assert.Empty(server.Faults.Armed);
    }

    [Fact]
    public async Task Quota_Http429_CountsOpenSessionsOnly()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(new Fault.Quota { Sessions = 2 });
        await using var first = await TestClient.StartAsync(server);
        await using var second = await TestClient.StartAsync(server);

        await using var third = await RawClient.ConnectAsync(server);
        Assert.StartsWith("HTTP/1.1 429", third.Status, StringComparison.Ordinal);
        await first.CloseAsync();
        await server.Sessions.First().Completion;
        await using var fourth = await TestClient.StartAsync(server);

        Assert.Equal(3, server.Sessions.Count);
    }

    [Fact]
    public async Task Quota_Close1011_OpensAndCloses()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Faults = [ArmedFault.Once(Fault.Parse("""{"kind":"quota","sessions":0,"answer":"close1011"}"""))] });
        await using var client = await RawClient.ConnectAsync(server);

        Assert.StartsWith("HTTP/1.1 101", client.Status, StringComparison.Ordinal);
        var (code, reason) = RawClient.ReadClose(Assert.Single(await client.ReadToEndAsync()));

        Assert.Equal(1011, code);
        Assert.Contains("quota", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowSetup_TakesSoMuchLonger()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(new Fault.SlowSetup { By = TimeSpan.FromMilliseconds(600) }, connections: 1);

        var started = Stopwatch.GetTimestamp();
        await using var slow = await TestClient.StartAsync(server);
        var took = Stopwatch.GetElapsedTime(started);

        Assert.True(took > TimeSpan.FromMilliseconds(600), $"{took}");
    }

    [Fact]
    public async Task NoSetupComplete_TheSessionHangsAndCanBeLeft()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(new Fault.NoSetupComplete());
        await using var client = await RawClient.ConnectAsync(server);
        await client.SetUpAsync();

        Assert.True(await client.IsSilentAsync(500));
        var session = await server.WaitForSessionAsync();
        await SessionAssert.IsAsync(() => session.Setup is not null, "the setup was read");
        await client.DisposeAsync();
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Null(session.Fault);
    }

    [Theory]
    [InlineData("""{"kind":"close","code":1013,"at":"setup"}""", 1013)]
    [InlineData("""{"kind":"close","code":1007,"at":"connect"}""", 1007)]
    [InlineData("""{"kind":"drop","at":"setup"}""", null)]
    [InlineData("""{"kind":"drop","how":"fin","at":"setup"}""", null)]
    public async Task Connect_EndedBeforeSetupComplete_ByCloseOrDrop(string fault, int? code)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(fault);
        await using var client = await RawClient.ConnectAsync(server);
        if (fault.Contains("setup", StringComparison.Ordinal))
            await client.SetUpAsync();

        var frames = await client.ReadToEndAsync();

        Assert.Equal(code, code is null ? null : RawClient.ReadClose(Assert.Single(frames)).Code);
        Assert.Equal(code is null, frames.Count == 0);
    }

    [Fact]
    public async Task RefuseHandle_GoodHandle_IsRefusedAsTold()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        string handle;
        await using (var client = await TestClient.StartAsync(server, "\"sessionResumption\":{}"))
        {
            handle = await client.NextHandleAsync();
            await client.CloseAsync();
        }

        await server.Sessions.First().Completion;
        server.Faults.Arm(new Fault.RefuseHandle { Code = 1007, Reason = "Bad handle." }, connections: 2);
        await using var fresh = await TestClient.StartAsync(server);
        await using var refused = await TestClient.ConnectAsync(server);
        await refused.SendSetupAsync($$""" "sessionResumption":{"handle":"{{handle}}"} """);
        await refused.WaitForCloseAsync();

        Assert.Equal((1007, "Bad handle."), ((int?)refused.CloseStatus, refused.CloseReason));
    }

    [Fact]
    public async Task NoHandles_ResumptionAskedFor_ThereIsNeverOne()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        server.Faults.Arm(new Fault.NoHandles());
        await using var client = await TestClient.StartAsync(server, "\"sessionResumption\":{}");

        await client.NudgeAsync();
        await client.WaitAsync("usage", static m => m.TryGetProperty("usageMetadata", out _));
        await Task.Delay(100);

        Assert.DoesNotContain(client.Messages, static m => m.TryGetProperty("sessionResumptionUpdate", out _));
    }
}
