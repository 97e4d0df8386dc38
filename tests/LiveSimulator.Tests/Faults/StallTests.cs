namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class StallTests
{
    private const string Setup = """ "outputAudioTranscription":{},"inputAudioTranscription":{},"sessionResumption":{},"tools":[{"functionDeclarations":[{"name":"find"}]}] """;
    private const string First = "The first answer is this one.";
    private const string Second = "The second answer is that one.";

    private static readonly Scenario Story = Scenario.Parse($$"""
        { "turns": [
            { "caller": "One?", "steps": [ { "callTools": { "optional": true, "calls": [ { "name": "find" } ] } }, "{{First}}" ] },
            { "caller": "Two?", "steps": [ "{{Second}}" ] } ],
          "onText": [ { "match": "key 5", "steps": [ "You pressed five." ] } ],
          "delivery": { "thinkMs": 50, "speed": 20 } }
        """);

    [Theory]
    [InlineData("[system] The caller has finished speaking and is waiting. Answer now.")]
    [InlineData("Are you still there?")]
    [InlineData("please continue")]
    public async Task EmptyTurn_CompletesAtOnce_AndANudgeGetsWhatWasWithheld(string nudge)
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, NoTools);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.EmptyTurn());

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.Empty(client.Audio());
        await client.NudgeAsync(nudge);
        await client.WaitForContentAsync("turnComplete");
        Assert.Equal(First, client.Transcript());

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.Equal(First + Second, client.Transcript());
        Assert.Equal("One?Two?", client.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task EmptyTurn_NobodyNudges_TheNextTurnGoesOn()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, NoTools);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.EmptyTurn());

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(Second, client.Transcript());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CutShort_AudioStopsInMidSentence_AndANudgeGetsTheSentenceAgain(bool turnComplete)
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, NoTools);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.CutShort { After = TimeSpan.FromMilliseconds(400), TurnComplete = turnComplete });

        await client.SpeakAsync(3);
        if (turnComplete)
            await client.WaitForContentAsync("turnComplete");
        else
            await client.SilenceAsync();
        Assert.Equal(400 * 48, client.Audio().Length);
        Assert.StartsWith(client.Transcript(), First, StringComparison.Ordinal);
        Assert.Equal(turnComplete ? 1 : 0, client.Count("turnComplete"));
        Assert.Equal(0, client.Count("interrupted"));

        await client.NudgeAsync("[system] Say it again from where it broke off, then go on.");
        await client.WaitForContentAsync("turnComplete");
        Assert.EndsWith(First, client.Transcript(), StringComparison.Ordinal);
        Assert.Empty(session.StandingFaults);
    }

    [Fact]
    public async Task Silence_TwoTurns_TheThirdIsAnswered()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, NoTools);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.Silence { Times = 2 });

        for (var turn = 1; turn <= 2; turn++)
        {
            await client.SpeakAsync(3);
            await SessionAssert.SeesAsync(session, SessionEventKind.ReplyStarted, turn);
            await client.SilenceAsync();
        }

        Assert.Equal(["setupComplete", "sessionResumptionUpdate"], client.Order().Distinct());
        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.Equal("Is there anything else I can do for you?", client.Transcript());
    }

    [Fact]
    public async Task Silence_UntilNudged_IgnoresWhatIsSpoken()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, NoTools);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.Silence { Until = StallEnd.Nudge });

        await client.SpeakAsync(3);
        await SessionAssert.SeesAsync(session, SessionEventKind.ReplyStarted);
        await client.SpeakAsync(3);
        await SessionAssert.SeesAsync(session, SessionEventKind.SpeechEnded, 2);
        await client.NudgeAsync("[system] The caller is listening.");
        await client.SilenceAsync();
        Assert.Equal(0, client.Count("modelTurn"));

        await client.NudgeAsync("Go on.");
        await client.WaitForContentAsync("turnComplete");
        Assert.StartsWith(First, client.Transcript(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeafAfterTool_ResultIsTakenIn_AndANudgeGetsTheAnswerWithoutASecondCall()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, Setup);
        var session = await server.WaitForSessionAsync();
        await session.InjectAsync(new Fault.DeafAfterTool());

        await client.SpeakAsync(3);
        await client.AnswerToolAsync((await client.WaitForToolCallAsync())[0], """{"output":1}""");
        await SessionAssert.SeesAsync(session, SessionEventKind.ToolResponse);
        await client.SilenceAsync();
        Assert.Equal(0, client.Count("modelTurn"));
        await client.NudgeAsync("[system] The caller is waiting for the result of the tool. Tell them now what it was.");
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(First, client.Transcript());
        Assert.Single(session.ToolCalls);
    }

    [Fact]
    public async Task DeafAfterTool_UntilReconnect_NudgesAreInVainAndTheNextConnectionHasThem()
    {
        await using var server = await StartAsync();
        string handle;
        await using (var client = await TestClient.StartAsync(server, Setup))
        {
            var session = await server.WaitForSessionAsync();
            await session.InjectAsync(Fault.Parse("deafAfterTool:reconnect"));
            handle = await client.NextHandleAsync();
            await client.SpeakAsync(3);
            await client.AnswerToolAsync((await client.WaitForToolCallAsync())[0], """{"output":1}""");
            await SessionAssert.SeesAsync(session, SessionEventKind.ToolResponse);
            await client.NudgeAsync("Are you still there?");
            await client.SpeakAsync(3);
            await SessionAssert.SeesAsync(session, SessionEventKind.SpeechEnded, 2);
            await client.SilenceAsync();
            Assert.Equal(0, client.Count("modelTurn"));
            await client.CloseAsync();
            await session.Completion;
        }

        await using var next = await TestClient.StartAsync(server, Setup.Replace("sessionResumption\":{}", $"sessionResumption\":{{\"handle\":\"{handle}\"}}", StringComparison.Ordinal));
        await next.NudgeAsync("[system] The connection was renewed while you were answering. Go on from there.");
        await next.WaitForContentAsync("turnComplete");
        Assert.Equal(First, next.Transcript());
        Assert.Empty(server.Sessions.Last().ToolCalls);
        await next.SpeakAsync(3);
        await next.WaitForContentAsync("turnComplete");
        Assert.Equal(First + Second, next.Transcript());
    }

    [Fact]
    public async Task Step_InAReply_StallsThereOnceAndForAll()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""
            { "turns": [ { "steps": [ "One.", { "fault": { "kind": "cutShort", "after": "200ms" } }, "Two and three.", "Four." ] } ], "delivery": { "thinkMs": 0, "speed": 20 } }
            """) });
        await using var client = await TestClient.StartAsync(server, NoTools);

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        Assert.StartsWith("One.Two", client.Transcript(), StringComparison.Ordinal);
        Assert.DoesNotContain("Four", client.Transcript(), StringComparison.Ordinal);
        await client.NudgeAsync("go on");
        await client.WaitForContentAsync("turnComplete");

        Assert.EndsWith("Two and three.Four.", client.Transcript(), StringComparison.Ordinal);
        Assert.Equal(1, client.Transcript().Split("One.").Length - 1);
    }

    [Fact]
    public async Task Text_ThatIsNoNudge_GetsItsOwnAnswer()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.StartAsync(server, NoTools);
        await (await server.WaitForSessionAsync()).InjectAsync(new Fault.EmptyTurn());

        await client.SpeakAsync(3);
        await client.WaitForContentAsync("turnComplete");
        await client.NudgeAsync("The caller pressed key 5");
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal("You pressed five.", client.Transcript());
    }

    private const string NoTools = """ "outputAudioTranscription":{},"inputAudioTranscription":{},"sessionResumption":{} """;

    private static Task<LiveSimulatorServer> StartAsync() => LiveSimulatorServer.StartAsync(new() { Scenario = Story });
}
