using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class SetupMessageTests
{
    private static readonly JsonElement Schema = JsonElement.Parse("""{"type":"object","properties":{"day":{"type":"string"}}}""");

    [Fact]
    public void Setup_Minimal_AsksForSpeechTranscriptsResumptionAndCompression()
    {
        Expect(Setups.Minimal, """
            {"setup":{"model":"models/gemini-3.8-live",
              "generationConfig":{"responseModalities":["AUDIO"]},
              "sessionResumption":{},
              "contextWindowCompression":{"slidingWindow":{}},
              "inputAudioTranscription":{},"outputAudioTranscription":{}}}
            """);
    }

    [Fact]
    public void Setup_EverythingOn25_IsWritten()
    {
        var setup = new LiveSetup
        {
            Model = "models/gemini-2.5-flash-native-audio-preview",
            Contract = LiveModelContract.For("gemini-2.5-flash-native-audio") with { CodeExecution = true },
            VoiceName = "kore",
            LanguageCode = "DE-de",
            SystemInstruction = "Say \"Grüezi\".",
            Functions =
            [
                new LiveFunction("book", "Books.", Schema, LiveFunctionBehavior.NonBlocking),
                new LiveFunction("plain", "No arguments.", Behavior: LiveFunctionBehavior.Blocking),
            ],
            GoogleSearch = true,
            CodeExecution = true,
            InputTranscription = false,
            OutputTranscription = false,
            ResumptionHandle = "h1",
            ContextWindowCompression = new LiveContextCompression(100_000, 50_000),
            Generation = new LiveGeneration
            {
                Temperature = 0.5,
                TopP = 0.9,
                TopK = 40,
                MaxOutputTokens = 1000,
                CandidateCount = 1,
                PresencePenalty = 0.1,
                FrequencyPenalty = 0.2,
                Seed = 7,
                MediaResolution = "MEDIA_RESOLUTION_LOW",
            },
            Thinking = new LiveThinking { IncludeThoughts = true, Budget = 0 },
            EnableAffectiveDialog = true,
            ProactiveAudio = true,
            InitialHistoryInClientContent = true,
            RealtimeInput = new LiveRealtimeInput
            {
                AutomaticActivityDetection = false,
                StartOfSpeech = LiveSensitivity.High,
                EndOfSpeech = LiveSensitivity.Low,
                PrefixPadding = TimeSpan.FromMilliseconds(20),
                SilenceDuration = TimeSpan.FromMilliseconds(300),
                Interruptible = false,
                TurnIncludesAllInput = true,
            },
        };
        Expect(setup, """
            {"setup":{"model":"models/gemini-2.5-flash-native-audio-preview",
              "generationConfig":{"responseModalities":["AUDIO"],"temperature":0.5,"topP":0.9,"topK":40,"maxOutputTokens":1000,"candidateCount":1,
                "presencePenalty":0.1,"frequencyPenalty":0.2,"seed":7,"mediaResolution":"MEDIA_RESOLUTION_LOW",
                "speechConfig":{"languageCode":"de-DE","voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}},
                "thinkingConfig":{"includeThoughts":true,"thinkingBudget":0},"enableAffectiveDialog":true},
              "systemInstruction":{"parts":[{"text":"Say \"Grüezi\"."}]},
              "tools":[{"functionDeclarations":[
                  {"name":"book","description":"Books.","parametersJsonSchema":{"type":"object","properties":{"day":{"type":"string"}}},"behavior":"NON_BLOCKING"},
                  {"name":"plain","description":"No arguments."}]},
                {"googleSearch":{}},{"codeExecution":{}}],
              "realtimeInputConfig":{"automaticActivityDetection":{"disabled":true,"startOfSpeechSensitivity":"START_SENSITIVITY_HIGH",
                "endOfSpeechSensitivity":"END_SENSITIVITY_LOW","prefixPaddingMs":20,"silenceDurationMs":300},
                "activityHandling":"NO_INTERRUPTION","turnCoverage":"TURN_INCLUDES_ALL_INPUT"},
              "sessionResumption":{"handle":"h1"},
              "contextWindowCompression":{"triggerTokens":"100000","slidingWindow":{"targetTokens":"50000"}},
              "proactivity":{"proactiveAudio":true},
              "historyConfig":{"initialHistoryInClientContent":true}}}
            """, apiVersion: "v1alpha");
    }

    [Theory]
    [InlineData("gemini-3.8-live", "v1alpha", "thinkingConfig|proactivity|enableAffectiveDialog")]
    [InlineData("gemini-3.8-live-extended-thinking", "v1alpha", "thinkingBudget|behavior|proactivity|enableAffectiveDialog")]
    [InlineData("gemini-3.1-flash-live-preview", "v1alpha", "thinkingBudget|proactivity|enableAffectiveDialog")]
    [InlineData("gemini-2.5-flash-native-audio", "v1alpha", "thinkingLevel")]
    [InlineData("gemini-2.5-flash-native-audio", "v1beta", "thinkingLevel|proactivity|enableAffectiveDialog")]
    public void Setup_BeyondTheContract_LeavesOutAndNames(string model, string apiVersion, string expected)
    {
        var setup = new LiveSetup
        {
            Model = model,
            Functions = [new LiveFunction("f", "d", Behavior: LiveFunctionBehavior.Blocking)],
            Thinking = new LiveThinking { Budget = 100, Level = LiveThinkingLevel.High },
            EnableAffectiveDialog = true,
            ProactiveAudio = true,
        };

        var (json, omitted) = Write(setup, apiVersion);

        Assert.Equal(expected.Split('|').Order(), omitted.Select(reason => reason.Split(' ', ':')[0]).Order());
        foreach (string field in expected.Split('|')) Assert.DoesNotContain($"\"{field}\"", json);
    }

    [Theory]
    [InlineData("gemini-3.8-live-extended-thinking", LiveThinkingLevel.Low, "low")]
    [InlineData("gemini-3.8-live-extended-thinking", LiveThinkingLevel.Minimal, null)]
    [InlineData("gemini-3.1-flash-live-preview", LiveThinkingLevel.Minimal, "minimal")]
    [InlineData("gemini-3.1-flash-live-preview", LiveThinkingLevel.High, "high")]
    public void Thinking_Level_OnlyWhatTheFamilyKnows(string model, LiveThinkingLevel level, string? expected)
    {
        var (json, omitted) = Write(new LiveSetup { Model = model, Thinking = new LiveThinking { Level = level } });
        JsonNode? thinking = JsonNode.Parse(json)!["setup"]!["generationConfig"]!["thinkingConfig"]?["thinkingLevel"];
        Assert.Equal(expected, (string?)thinking);
        Assert.Equal(expected is null ? 1 : 0, omitted.Count);
    }

    [Theory]
    [InlineData("gemini-3.8-live", LiveFunctionBehavior.Blocking, "BLOCKING")]
    [InlineData("gemini-3.8-live", LiveFunctionBehavior.NonBlocking, null)]
    [InlineData("gemini-2.5-flash-native-audio", LiveFunctionBehavior.NonBlocking, "NON_BLOCKING")]
    [InlineData("gemini-3.1-flash-live-preview", LiveFunctionBehavior.NonBlocking, null)]
    public void Behavior_Default_GoesWithoutSaying(string model, LiveFunctionBehavior behavior, string? expected)
    {
        var (json, _) = Write(new LiveSetup { Model = model, Functions = [new LiveFunction("f", "d", Behavior: behavior)] });
        JsonNode function = JsonNode.Parse(json)!["setup"]!["tools"]![0]!["functionDeclarations"]![0]!;
        Assert.Equal(expected, (string?)function["behavior"]);
    }

    [Fact]
    public void Contract_BySetting_Overrides()
    {
        var contract = LiveModelContract.For("gemini-3.8-live") with { Thinking = LiveThinkingSupport.Budget };
        var (json, omitted) = Write(new LiveSetup
        {
            Model = "gemini-3.8-live",
            Contract = contract,
            Thinking = new LiveThinking { Budget = 5 },
        });
        Assert.Contains("\"thinkingBudget\":5", json);
        Assert.Empty(omitted);
    }

    [Theory]
    [InlineData("gemini-3.1-flash-live-preview", "v1beta", "codeExecution")]
    [InlineData("gemini-2.5-flash-native-audio", "v1beta", "codeExecution")]
    [InlineData("gemini-3.8-live", "v1beta", "")]
    public void Tools_BeyondTheContract_AreLeftOutAndNamed(string model, string apiVersion, string expected)
    {
        var (json, omitted) = Write(new LiveSetup { Model = model, GoogleSearch = true, CodeExecution = true }, apiVersion);
        Assert.Equal(expected, string.Join('|', omitted.Select(reason => reason.Split(':')[0])));
        Assert.Contains("\"googleSearch\":{}", json);
        Assert.Equal(expected.Length == 0, json.Contains("\"codeExecution\":{}", StringComparison.Ordinal));
    }

    [Fact]
    public void Functions_WithoutJsonSchema_AreDeclaredInOpenApi()
    {
        var (json, _) = Write(Setups.Minimal with
        {
            Contract = LiveModelContract.For("gemini-3.8-live") with { JsonSchema = false },
            Functions = [new LiveFunction("book", "d", Schema) { ResponseSchema = JsonElement.Parse("""{"type":"object"}""") }],
        });
        JsonNode? function = JsonNode.Parse(json)!["setup"]!["tools"]![0]!["functionDeclarations"]![0];
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"name":"book","description":"d","parameters":{"type":"OBJECT","properties":{"day":{"type":"STRING"}}},"response":{"type":"OBJECT"}}
                """),
            function), json);
    }

    [Fact]
    public void Resumption_Transparent_OnlyOnVertex()
    {
        LiveSetup setup = Setups.Minimal with { TransparentResumption = true, ResumptionHandle = "h" };
        var (json, omitted) = Write(setup, LiveEndpoint.Vertex("p", "global"));
        Assert.Contains("""
            "sessionResumption":{"handle":"h","transparent":true}
            """.Trim(), json);
        Assert.Empty(omitted);

        (json, omitted) = Write(setup);
        Assert.DoesNotContain("transparent", json);
        Assert.Contains("transparent", Assert.Single(omitted));
    }

    [Fact]
    public void Proactivity_OnVertex_NeedsNoAlpha()
    {
        var (json, omitted) = Write(
            new LiveSetup { Model = "gemini-live-2.5-flash-native-audio", ProactiveAudio = true }, LiveEndpoint.Vertex("p", "us-central1"));
        Assert.Contains("\"proactiveAudio\":true", json);
        Assert.Contains("projects/p/locations/us-central1/publishers/google/models/gemini-live-2.5-flash-native-audio", json);
        Assert.Empty(omitted);
    }

    [Theory]
    [InlineData("gemini-3.8-live", "models/gemini-3.8-live")]
    [InlineData("models/x", "models/x")]
    [InlineData("projects/p/locations/l/publishers/google/models/x", "projects/p/locations/l/publishers/google/models/x")]
    public void Model_Name_GetsItsPrefixOnce(string model, string expected)
    {
        Assert.Equal(expected, (string?)JsonNode.Parse(Write(new LiveSetup { Model = model }).Json)!["setup"]!["model"]);
    }

    [Fact]
    public void RealtimeInput_OnlyHandling_SaysNothingAboutDetection()
    {
        JsonNode? config = JsonNode.Parse(Write(Setups.Minimal with { RealtimeInput = new LiveRealtimeInput { Interruptible = true } }).Json)!["setup"]!["realtimeInputConfig"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"activityHandling":"START_OF_ACTIVITY_INTERRUPTS"}"""), config));
    }

    [Fact]
    public void Resumption_OffAndNoHandle_IsLeftOut()
    {
        string json = Write(new LiveSetup { Model = "m", SessionResumption = false, ContextWindowCompression = null }).Json;
        Assert.DoesNotContain("sessionResumption", json);
        Assert.DoesNotContain("contextWindowCompression", json);
    }

    private static void Expect(LiveSetup setup, string expected, string apiVersion = "v1beta")
    {
        var (json, omitted) = Write(setup, apiVersion);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(json)), json);
        Assert.Empty(omitted);
    }

    private static (string Json, List<string> Omitted) Write(LiveSetup setup, string apiVersion = "v1beta") =>
        Write(setup, new LiveEndpoint(LiveEndpoint.Google, null, apiVersion));

    private static (string Json, List<string> Omitted) Write(LiveSetup setup, LiveEndpoint endpoint)
    {
        var pool = new CountingPool();
        var omitted = new List<string>();
        using PooledBuffer buffer = SetupMessage.Create(
            pool, setup, setup.Contract ?? LiveModelContract.For(setup.Model), endpoint, omitted);
        return (Encoding.UTF8.GetString(buffer.Written), omitted);
    }
}
