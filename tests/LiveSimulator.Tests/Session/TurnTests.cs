using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class TurnTests
{
    private const string Transcripts = "\"inputAudioTranscription\":{},\"outputAudioTranscription\":{}";

    [Fact]
    public async Task Greeting_WithoutANudge_IsNotSpoken()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server);

        await caller.SendAudioAsync(new short[16_000]);
        await Task.Delay(600);

        Assert.Single(caller.Messages);
    }

    [Fact]
    public async Task Greeting_AfterANudge_ComesFasterThanRealTimeInUnevenMessagesAndInOrder()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { FrameTimesKept = 1000 });
        await using var caller = await TestClient.StartAsync(server, Transcripts);
        var session = await server.WaitForSessionAsync();

        await caller.NudgeAsync("Hello!");
        await caller.WaitAsync("usageMetadata", static m => m.TryGetProperty("usageMetadata", out _));

        Assert.Equal(VoiceLibrary.Named("greeting")!.Pcm.ToArray(), caller.Audio());
        Assert.All(caller.AudioSizes(), static size => Assert.InRange(size, 2, 15_360));
        Assert.True(caller.AudioSizes().Distinct().Count() > 3);
        Assert.Equal(["setupComplete", "generationComplete", "turnComplete", "usageMetadata"], caller.Order());
        Assert.Equal(["Hello!"], session.Texts);
        Assert.Equal(caller.Audio().Length, session.AudioBytesSent);
        var took = TimeProvider.System.GetElapsedTime(session.SentFrameTimes[0].Timestamp, session.SentFrameTimes[^1].Timestamp);
        Assert.True(took < VoiceLibrary.Named("greeting")!.Duration / 2, $"{took}");
    }

    [Fact]
    public async Task CallerTurns_EachOne_IsTranscribedAndAnswered()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say", CaptureAudio = TimeSpan.FromSeconds(10) });
        await using var caller = await TestClient.StartAsync(server, Transcripts);
        var session = await server.WaitForSessionAsync();

        await caller.SpeakAsync();
        await caller.WaitForContentAsync("turnComplete");
        await caller.SpeakAsync();
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal("Hello?Hello?", caller.Transcript("inputTranscription"));
        Assert.Equal("I heard you. Please go on.I heard you. Please go on.", caller.Transcript());
        Assert.Equal(TestClient.CallerSpeech(0), session.ReceivedAudio().AsSpan(0, TestClient.CallerSpeech(0).Length).ToArray());
        Assert.Equal(2, session.Events.Count(static each => each.Kind == SessionEventKind.SpeechEnded));
    }

    [Fact]
    public async Task SilenceDurationMs_Longer_JoinsWhatAPauseWouldPart()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, """ "realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":2000}} """);
        var session = await server.WaitForSessionAsync();

        await caller.SpeakAsync(2, silenceMs: 1200);
        await caller.SpeakAsync(3, silenceMs: 2500);
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal(1, session.Events.Count(static each => each.Kind == SessionEventKind.SpeechStarted));
    }

    [Fact]
    public async Task ManualActivity_OnlyTheClientsMarksCount()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, """ "realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}} """);
        var session = await server.WaitForSessionAsync();

        await caller.SpeakAsync();
        await caller.SendAsync("""{"realtimeInput":{"activityStart":{}}}""");
        await caller.SendAudioAsync(new short[8000]);
        await caller.SendAsync("""{"realtimeInput":{"activityEnd":{}}}""");
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal(1, session.Events.Count(static each => each.Kind == SessionEventKind.SpeechStarted));
        Assert.Equal(1, session.Events.Count(static each => each.Kind == SessionEventKind.ReplyStarted));
    }

    [Theory]
    [InlineData("models/gemini-2.5-flash-native-audio-latest", true)]
    [InlineData("models/gemini-3.8-live", false)]
    public async Task AudioStreamEnd_WhileTheCallerSpeaks_EndsTheTurnOnModelsThatHeedIt(string model, bool heeded)
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, model: model);
        var session = await server.WaitForSessionAsync();

        await caller.SendAudioAsync(TestClient.CallerSpeech(0).AsMemory(0, 24_000));
        await caller.SendAsync("""{"realtimeInput":{"audioStreamEnd":true}}""");
        await SessionAssert.SeesAsync(session, SessionEventKind.AudioStreamEnd);
        if (heeded)
            await caller.WaitForContentAsync("turnComplete");
        else
            await Task.Delay(500);

        Assert.Equal(heeded ? 1 : 0, session.Events.Count(static each => each.Kind == SessionEventKind.SpeechEnded));
    }

    [Fact]
    public async Task ClientContent_Turn_IsAnsweredLikeATypedTurn()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, Transcripts);

        await caller.SendAsync("""{"client_content":{"turns":[{"role":"user","parts":[{"text":"Greet me."}]}],"turn_complete":true}}""");
        await caller.WaitForContentAsync("turnComplete");
        await caller.SendAsync("""{"clientContent":{"turns":[{"role":"user","parts":[{"text":"Any news?"}]}],"turnComplete":true}}""");
        await caller.WaitForContentAsync("turnComplete");

        Assert.EndsWith("help you?You wrote: Any news?", caller.Transcript(), StringComparison.Ordinal);
        Assert.Equal("", caller.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task ClientContent_HistoryOfAnEarlierSession_PutsTheScenarioWhereItWas()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, Transcripts + """ ,"tools":[{"functionDeclarations":[{"name":"create_booking"}]}] """);

        await caller.SendAsync("""
            {"clientContent":{"turns":[{"role":"model","parts":[{"text":"Good evening"}]},{"role":"user","parts":[{"text":"A table for four"}]},
             {"role":"model","parts":[{"text":"At seven?"}]},{"role":"user","parts":[{"text":"At eight, six"}]},{"role":"model","parts":[{"text":"What name?"}]}],"turnComplete":true}}
            """);
        await caller.SpeakAsync(2);

        var call = (await caller.WaitForToolCallAsync())[0];
        Assert.Equal("create_booking", call.GetProperty("name").GetString());
        Assert.Equal("Yes, the name is Miller.", caller.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task Dtmf_Digit_ChoosesTheBranch()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "dtmf" });
        await using var caller = await TestClient.StartAsync(server, Transcripts);
        await caller.NudgeAsync();
        await caller.WaitForContentAsync("turnComplete");

        await caller.NudgeAsync("[DTMF] 2");
        await caller.WaitForContentAsync("turnComplete");
        await caller.NudgeAsync("The caller pressed on the telephone keypad: 1");
        await caller.WaitForContentAsync("turnComplete");
        await caller.SpeakAsync();
        await caller.WaitForContentAsync("turnComplete");

        Assert.EndsWith("You pressed two. We are open every day.You pressed one. How many will you be?I heard you. Please go on.", caller.Transcript(), StringComparison.Ordinal);
        Assert.Equal("Four, please.", caller.Transcript("inputTranscription"));
    }

    [Fact]
    public async Task Setup_ClientLeavesBeforeItIsComplete_EndsTheSessionAtOnce()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { Scenario = Scenario.Parse("""{"wire":{"setupMs":600000}}""") });
        await using (var caller = await TestClient.ConnectAsync(server))
        {
            await caller.SendSetupAsync();
            await caller.CloseAsync();
        }

        await Assert.Single(server.Sessions).Completion.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task TextModality_ModelThatWrites_AnswersInText()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "say" });
        await using var caller = await TestClient.StartAsync(server, """ "generationConfig":{"responseModalities":["TEXT"]} """, model: "models/gemini-2.0-flash-live-001");

        await caller.NudgeAsync();
        await caller.WaitForContentAsync("turnComplete");

        var text = string.Concat(caller.Messages.Where(static m => m.ToString().Contains("modelTurn", StringComparison.Ordinal))
            .Select(static m => m.GetProperty("serverContent").GetProperty("modelTurn").GetProperty("parts")[0].GetProperty("text").GetString()));
        Assert.Equal("Good evening, restaurant Bella Vista, how can I help you?", text);
        Assert.Empty(caller.Audio());
    }

    [Fact]
    public async Task Usage_AfterATurn_CountsByModality()
    {
        await using var server = await LiveSimulatorServer.StartAsync(new() { ScenarioPath = "tone" });
        await using var caller = await TestClient.StartAsync(server, """ "systemInstruction":{"parts":[{"text":"Be brief, be kind, be gone."}]} """);

        await caller.NudgeAsync();
        var usage = (await caller.WaitAsync("usage", static m => m.TryGetProperty("usageMetadata", out _))).GetProperty("usageMetadata");

        Assert.Equal(50, Tokens(usage, "responseTokensDetails", "AUDIO"));
        Assert.True(Tokens(usage, "promptTokensDetails", "TEXT") > 5);
        Assert.Equal(usage.GetProperty("promptTokenCount").GetInt32() + 50, usage.GetProperty("totalTokenCount").GetInt32());
    }

    private static int Tokens(JsonElement usage, string details, string modality) => usage.GetProperty(details).EnumerateArray()
        .Single(each => each.GetProperty("modality").GetString() == modality).GetProperty("tokenCount").GetInt32();
}
