using System.Diagnostics;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class ConnectionFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task GoAway_ClientStays_IsClosedWhenItsTimeIsOver()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        Assert.True(await session.InjectAsync(new Fault.GoAway { TimeLeft = TimeSpan.FromMilliseconds(2500) }));
        var goAway = await client.WaitAsync("goAway", static m => m.TryGetProperty("goAway", out _));
        Assert.Equal("2.5s", goAway.GetProperty("goAway").GetProperty("timeLeft").GetString());
        Assert.True(session.IsOpen);
        await client.WaitForCloseAsync();
        await session.Completion.WaitAsync(Patience);

        Assert.Equal(1001, (int?)client.CloseStatus);
        Assert.Equal(1001, session.CloseCodeSent);
        Assert.False(session.ClosedByClient);
        Assert.IsType<Fault.GoAway>(Assert.Single(session.Faults).Fault);
    }

    [Fact]
    public async Task GoAway_ClientLeavesInTime_EndsAsTheClientWished()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.GoAway { TimeLeft = TimeSpan.FromMinutes(1) });
        await client.WaitAsync("goAway", static m => m.TryGetProperty("goAway", out _));
        await client.CloseAsync();
        await session.Completion.WaitAsync(Patience);

        Assert.Equal((1000, true), (session.CloseCodeReceived, session.ClosedByClient));
        Assert.NotNull(session.EndedAt);
    }

    [Theory]
    [InlineData(DropStyle.Reset, (int)TcpEnd.Reset)]
    [InlineData(DropStyle.Fin, (int)TcpEnd.Fin)]
    public async Task Drop_EitherWay_HasNoCloseFrame(DropStyle how, int end)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.Drop { How = how });

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal((TcpEnd)end, client.End);
        Assert.Equal(1006, session.CloseCode);
        Assert.False(await session.InjectAsync(new Fault.UnknownFields()));
        await client.DisposeAsync();
        await session.Completion.WaitAsync(Patience);
        Assert.Null(session.Fault);
    }

    [Fact]
    public async Task HalfOpen_NothingIsReadOrSaid_UntilTheClientLeaves()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.HalfOpen());
        await client.NudgeAsync();
        await client.SendFrameAsync(RawClient.Ping, [1]);
        await client.SendFrameAsync(RawClient.Close, [3, 232]);

        Assert.True(await client.IsSilentAsync(600));
        Assert.Empty(session.Texts);
        Assert.True(session.IsOpen);
        await client.DisposeAsync();
        await session.Completion.WaitAsync(Patience);
        Assert.Null(session.CloseCodeReceived);
    }

    [Fact]
    public async Task HalfOpen_SessionIsTakenUpByAnotherConnection_UnlessItKeepsItsHandle()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        foreach (var keeps in (bool[])[false, true])
        {
            await using var client = await TestClient.StartAsync(server, "\"sessionResumption\":{}");
            var session = server.Sessions.Last();
            var handle = await client.NextHandleAsync();
            await session.InjectAsync(new Fault.HalfOpen { KeepsHandle = keeps });

            await using var next = await TestClient.ConnectAsync(server);
            await next.SendSetupAsync($$""" "sessionResumption":{"handle":"{{handle}}"} """);
            if (keeps)
            {
                await next.WaitForCloseAsync();
                Assert.Equal(1011, (int?)next.CloseStatus);
            }
            else
            {
                await next.WaitAsync("setupComplete", static m => m.TryGetProperty("setupComplete", out _));
                Assert.Equal((session.Id, session.Conversation), (server.Sessions.Last().ResumedFrom, server.Sessions.Last().Conversation));
                Assert.False(await session.InjectAsync(new Fault.EmptyTurn()));
            }
        }
    }

    [Fact]
    public async Task HalfOpen_ForSoLong_EndsByAReset()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);

        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.HalfOpen { Lasts = TimeSpan.FromMilliseconds(300) });

        Assert.Empty(await client.ReadToEndAsync());
    }

    [Fact]
    public async Task DeafAndDumb_ReadsAndAnswersPings_ButSaysNothing()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.DeafAndDumb());
        await client.NudgeAsync();
        await SessionAssert.SeesAsync(session, SessionEventKind.TextReceived);
        await client.SendFrameAsync(RawClient.Ping, [42]);

        Assert.Equal((RawClient.Pong, 42), ((await client.ReadAsync())!.Value is var frame ? frame.Opcode : 0, frame.Payload[0]));
        Assert.True(await client.IsSilentAsync(600));
        Assert.True(session.IsOpen);
    }

    [Theory]
    [InlineData(1000, "")]
    [InlineData(1001, "The server goes down.")]
    [InlineData(1007, "Invalid argument.")]
    [InlineData(1008, "Operation is not implemented, or supported, or enabled.")]
    [InlineData(1011, "")]
    [InlineData(1011, "Internal error encountered.")]
    [InlineData(1012, "Restart.")]
    [InlineData(1013, "Try again later.")]
    [InlineData(4321, "Something else.")]
    [InlineData(1005, "")]
    public async Task Close_AnyCode_WithAndWithoutReason(int code, string reason)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await RawClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await session.InjectAsync(new Fault.Close { Code = code, Reason = reason });
        var frames = await client.ReadToEndAsync();

        Assert.Equal((code == 1005 ? null : code, reason), RawClient.ReadClose(Assert.Single(frames)));
        Assert.Equal(code, session.CloseCodeSent);
        await client.SendFrameAsync(RawClient.Close, [3, 232]);
        await session.Completion.WaitAsync(Patience);
        Assert.Equal((1000, false), (session.CloseCodeReceived, session.ClosedByClient));
    }

    [Fact]
    public async Task DelayPongs_OnlyPongsWait()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "tone" });
        await using var client = await RawClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.DelayPongs { By = TimeSpan.FromSeconds(3) });

        var started = Stopwatch.GetTimestamp();
        await client.SendFrameAsync(RawClient.Ping, "one"u8.ToArray());
        await client.NudgeAsync();
        var messages = 0;
        (int Opcode, byte[] Payload) frame;
        while ((frame = (await client.ReadAsync())!.Value).Opcode != RawClient.Pong)
            messages++;
        var took = Stopwatch.GetElapsedTime(started);
        session.ClearFaults();
        await client.SendFrameAsync(RawClient.Ping, "two"u8.ToArray());
        started = Stopwatch.GetTimestamp();
        while ((await client.ReadAsync())!.Value.Opcode != RawClient.Pong)
        {
        }

        Assert.Equal("one"u8.ToArray(), frame.Payload);
        Assert.True(messages > 3, $"{messages} messages came before the pong");
        Assert.True(took > TimeSpan.FromMilliseconds(2950), $"{took}");
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(2500));
    }

    [Fact]
    public async Task Inject_WhatBelongsToTheDoor_IsRefused()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server);
        var session = await server.WaitForSessionAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => session.InjectAsync(new Fault.Refuse()));

        Assert.Empty(session.Faults);
    }
}
