namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class NotesTests
{
    private static readonly string[] Functions = ["check_availability", "hang_up"];

    [Theory]
    [InlineData("[system] The caller has finished speaking and is waiting. Answer now.", true)]
    [InlineData("[system] The caller is on the line and hears nothing. Speak to them now.", true)]
    [InlineData("[system] Say it again from where it broke off, then go on.", true)]
    [InlineData("Are you still there?", true)]
    [InlineData("please continue", true)]
    [InlineData("[system] The caller does not answer any more: say goodbye and that they may call again.", false)]
    [InlineData("[system] Of your last sentence the caller heard only: \"Yes, at seven\".", false)]
    [InlineData("The caller pressed on the telephone keypad: 5", false)]
    public void IsNudge_AsksForAnAnswer(string text, bool expected) => Assert.Equal(expected, Notes.IsNudge(text));

    [Fact]
    public void Results_ArgumentsAndResult_TheResultCounts()
    {
        var results = Notes.Results(
            """[system] The tool check_availability, which you had called with {"date":"2026-09-18","party":{"size":4}}, has finished. Its result: {"output":{"available":true}}""", Functions);

        Assert.True(Assert.Single(results).Value.GetProperty("output").GetProperty("available").GetBoolean());
    }

    [Fact]
    public void Results_InWordsOrOfSeveral_EachHasItsOwn()
    {
        var results = Notes.Results("hang_up: done. check_availability gave {\"x\":1}, {broken and {\"x\":2}.", Functions);

        Assert.Equal("done", results["hang_up"].GetProperty("output").GetString());
        Assert.Equal(2, results["check_availability"].GetProperty("x").GetInt32());
    }

    [Fact]
    public void Results_NoFunctionNamed_None() => Assert.Empty(Notes.Results("""check_availability_2 {"x":1}""", Functions));

    [Theory]
    [InlineData("book-a-table")]
    [InlineData("dtmf")]
    [InlineData("long-speech")]
    [InlineData("parallel-tools")]
    [InlineData("say")]
    public async Task BuiltIn_Notes_AreNoTurnsAndAreAnsweredOnlyWhenTheyAsk(string scenario)
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = scenario });
        await using var client = await TestClient.StartAsync(server, """ "outputAudioTranscription":{},"inputAudioTranscription":{} """);
        await client.NudgeAsync();
        await client.WaitForContentAsync("turnComplete");
        var greeting = client.Transcript();

        await client.NudgeAsync("[system] Of your last sentence the caller heard only: \"Good evening\".");
        await client.NudgeAsync("[system] The connection was renewed. Do not greet the caller again.");
        await client.SilenceAsync();
        Assert.Equal(greeting, client.Transcript());

        await client.NudgeAsync("[system] The caller has been silent for a while: ask in one short sentence whether they are still there.");
        await client.WaitForContentAsync("turnComplete");
        await client.NudgeAsync("[system] The caller does not answer any more: say goodbye and that they may call again.");
        await client.WaitForContentAsync("generationComplete");

        Assert.Equal(greeting + "I am still here. How can I help you?Thank you for calling. Goodbye!", client.Transcript());
        Assert.Equal("", client.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task Note_DuringAReply_DoesNotInterruptIt()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var client = await TestClient.StartAsync(server);
        await client.NudgeAsync("[system] The caller has picked up. Greet them.");
        await client.WaitForContentAsync("modelTurn");

        await client.NudgeAsync("[system] It is five o'clock.");
        await client.WaitForContentAsync("turnComplete");

        Assert.Equal(0, client.Count("interrupted"));
    }
}
