using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Wire;

public sealed class SetupReaderTests
{
    private static readonly LiveApiPath Developer = new(false, "v1beta", false);

    private const string Live38 = "gemini-3.8-live";
    private const string Thinking38 = "gemini-3.8-live-extended-thinking";
    private const string Live31 = "gemini-3.1-flash-live-preview";
    private const string Native25 = "gemini-2.5-flash-native-audio-preview-12-2025";

    [Theory]
    [InlineData(Live38, "")]
    [InlineData(Live38, """ "generationConfig":{"responseModalities":["AUDIO"],"temperature":0.5,"topK":40,"seed":"7","speechConfig":{"languageCode":"en-GB","voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}} """)]
    [InlineData(Live38, """ "generation_config":{"response_modalities":["AUDIO"],"max_output_tokens":100} """)]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a","description":"b","behavior":"BLOCKING","parametersJsonSchema":{"type":"object","additionalProperties":false}}]},{"googleSearch":{}},{"codeExecution":{}}] """)]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a","parameters":{"type":"OBJECT","properties":{"x":{"type":"array","items":{"type":"STRING"}}},"required":["x"]}}]}] """)]
    [InlineData(Live38, """ "realtimeInputConfig":{"automaticActivityDetection":{"disabled":false,"startOfSpeechSensitivity":"START_SENSITIVITY_LOW","prefixPaddingMs":20,"silenceDurationMs":300},"activityHandling":"NO_INTERRUPTION","turnCoverage":"TURN_INCLUDES_ONLY_ACTIVITY"} """)]
    [InlineData(Live38, """ "sessionResumption":{},"contextWindowCompression":{"triggerTokens":"25600","slidingWindow":{"targetTokens":"12800"}},"inputAudioTranscription":{},"outputAudioTranscription":{},"historyConfig":{"initialHistoryInClientContent":true} """)]
    [InlineData(Live38, """ "systemInstruction":{"parts":[{"text":"Be kind."}]},"proactivity":null """)]
    [InlineData(Thinking38, """ "generationConfig":{"thinkingConfig":{"thinkingLevel":"low","includeThoughts":true}} """)]
    [InlineData(Live31, """ "generationConfig":{"thinkingConfig":{"thinkingLevel":"MINIMAL"}} """)]
    [InlineData(Native25, """ "generationConfig":{"thinkingConfig":{"thinkingBudget":0}} """)]
    [InlineData("gemini-live-2.5-flash-preview", """ "generationConfig":{"responseModalities":["TEXT"]} """)]
    [InlineData("gemini-5-live", """ "generationConfig":{"responseModalities":["TEXT"],"thinkingConfig":{"thinkingBudget":5}} """)]
    public void Read_SetupTheServiceAccepts_GivesTerms(string model, string members)
    {
        Assert.Null(Read(model, members, Developer, out var terms));
        Assert.NotNull(terms);
    }

    [Theory]
    [InlineData(Live38, """ "colour":1 """, 1007, "Unknown name \"colour\" at 'setup'")]
    [InlineData(Live38, """ "generationConfig":{"inputAudioTranscription":{}} """, 1007, "Unknown name \"inputAudioTranscription\" at 'setup.generation_config'")]
    [InlineData(Live38, """ "generationConfig":{"responseModalities":["SMELL"]} """, 1007, "setup.generation_config.response_modalities[0]")]
    [InlineData(Live38, """ "generationConfig":{"responseModalities":["TEXT","AUDIO"]} """, 1007, "one response modality")]
    [InlineData(Live38, """ "generationConfig":{"responseModalities":["TEXT"]} """, 1007, "AUDIO only")]
    [InlineData(Live38, """ "generationConfig":{"responseModalities":"AUDIO"} """, 1007, "TYPE_LIST")]
    [InlineData(Live38, """ "generationConfig":{"temperature":"hot"} """, 1007, "setup.generation_config.temperature")]
    [InlineData(Live38, """ "generationConfig":{"thinkingConfig":{}} """, 1007, "thinking_config is not supported")]
    [InlineData(Live38, """ "proactivity":{"proactiveAudio":true} """, 1007, "proactivity")]
    [InlineData(Live38, """ "generationConfig":{"enableAffectiveDialog":true} """, 1007, "enable_affective_dialog")]
    [InlineData(Live38, """ "realtimeInputConfig":{"automaticActivityDetection":{"startOfSpeechSensitivity":"HIGH"}} """, 1007, "start_of_speech_sensitivity")]
    [InlineData(Live38, """ "realtimeInputConfig":{"silenceDurationMs":1} """, 1007, "silenceDurationMs")]
    [InlineData(Live38, """ "sessionResumption":{"handle":"x","transparent":true} """, 1007, "transparent")]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a","parameters":{"type":"OBJECT","additionalProperties":false}}]}] """, 1007, "additionalProperties")]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a","parameters":{"type":"thing"}}]}] """, 1007, "parameters.type")]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a b"}]}] """, 1007, "Invalid function name")]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a"},{"name":"a"}]}] """, 1007, "Duplicate")]
    [InlineData(Live38, """ "tools":[{"functionDeclarations":[{"name":"a","behavior":"FAST"}]}] """, 1007, "behavior")]
    [InlineData(Thinking38, """ "tools":[{"functionDeclarations":[{"name":"a","behavior":"BLOCKING"}]}] """, 1007, "BLOCKING")]
    [InlineData(Thinking38, """ "generationConfig":{"thinkingConfig":{"thinkingLevel":"MINIMAL"}} """, 1007, "MINIMAL")]
    [InlineData(Live31, """ "tools":[{"functionDeclarations":[{"name":"a","behavior":"NON_BLOCKING"}]}] """, 1007, "NON_BLOCKING")]
    [InlineData(Live31, """ "generationConfig":{"thinkingConfig":{"thinkingBudget":5}} """, 1007, "thinking_budget")]
    [InlineData(Native25, """ "generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}} """, 1007, "LOW")]
    [InlineData(Native25, """ "proactivity":{"proactiveAudio":true} """, 1007, "Unknown name \"proactivity\"")]
    [InlineData("gemini-2.5-pro", "", 1008, "not found")]
    public void Read_SetupTheServiceRefuses_SaysWhy(string model, string members, int code, string reason)
    {
        var refused = Read(model, members, Developer, out _);

        Assert.NotNull(refused);
        Assert.Equal(code, refused.Code);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"gemini-3.8-live\"")]
    [InlineData("\"projects/p/locations/l/publishers/google/models/gemini-3.8-live\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    public void Read_ModelNotNamedAsTheDeveloperApiDoes_IsRefused(string model) =>
        Assert.Equal(1007, SetupReader.Read(JsonElement.Parse($$"""{"model":{{model}}}"""), Developer, out _)?.Code);

    [Fact]
    public void Read_VertexModelAndFields_AreAccepted()
    {
        var setup = JsonElement.Parse("""
            {"model":"projects/p/locations/l/publishers/google/models/gemini-live-2.5-flash-native-audio","explicitVadSignal":true,
             "proactivity":{"proactiveAudio":true},"sessionResumption":{"transparent":true}}
            """);

        Assert.Null(SetupReader.Read(setup, new LiveApiPath(true, "v1beta1", false), out var terms));
        Assert.True(terms!.VoiceActivitySignals);
        Assert.True(terms.TransparentResumption);
    }

    [Fact]
    public void Read_ProactivityOnV1Alpha_IsAcceptedBy25() =>
        Assert.Null(Read(Native25, """ "proactivity":{"proactiveAudio":true},"generationConfig":{"enableAffectiveDialog":true} """, Developer with { Version = "v1alpha" }, out _));

    [Fact]
    public void Read_DetectionSettings_BecomeTerms()
    {
        Read(Live38, """ "realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":1200,"prefixPaddingMs":100}},"tools":[{"functionDeclarations":[{"name":"f"},{"name":"g","behavior":"BLOCKING"}]}] """, Developer, out var terms);

        Assert.Equal(TimeSpan.FromMilliseconds(1200), terms!.TurnSilence);
        Assert.Equal(TimeSpan.FromMilliseconds(100), terms.SpeechOnset);
        Assert.Equal(ToolBehavior.NonBlocking, terms.Tools["f"]);
        Assert.Equal(ToolBehavior.Blocking, terms.Tools["g"]);
    }

    private static Rejection? Read(string model, string members, LiveApiPath api, out SetupTerms? terms) =>
        SetupReader.Read(JsonElement.Parse($$"""{"model":"models/{{model}}"{{(members.Length > 0 ? "," + members : "")}}}"""), api, out terms);
}
