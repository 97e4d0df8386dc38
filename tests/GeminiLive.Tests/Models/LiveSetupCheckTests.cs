using System.Text.Json;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveSetupCheckTests
{
    private const string Live = "gemini-3.8-live", Extended = "gemini-3.8-live-extended-thinking",
        Legacy = "gemini-3.1-flash-live-preview", Native = "gemini-2.5-flash-native-audio", HalfCascade = "gemini-2.0-flash-live-001";

    [Theory]
    [InlineData(Live)]
    [InlineData(Extended)]
    [InlineData(Legacy)]
    [InlineData(Native)]
    [InlineData(HalfCascade)]
    public void Setup_WithDefaults_IsFit(string model) => Assert.Empty(Check(new LiveSetup { Model = model }));

    [Fact]
    public void Setup_WithEverythingInRange_IsFit() => Assert.Empty(Check(
        new LiveSetup
        {
            Model = Native,
            VoiceName = "kore",
            LanguageCode = "DE-de",
            Functions = [new LiveFunction("book_table.v1:x-y", "books", JsonElement.Parse("""{"type":"object"}"""), LiveFunctionBehavior.NonBlocking)],
            GoogleSearch = true,
            Generation = new LiveGeneration
            {
                Temperature = 2, TopP = 1, TopK = 40, MaxOutputTokens = 8192, CandidateCount = 1, PresencePenalty = -2,
                FrequencyPenalty = 2, Seed = -1, MediaResolution = "MEDIA_RESOLUTION_MEDIUM",
            },
            Thinking = new LiveThinking { Budget = -1, IncludeThoughts = true },
            RealtimeInput = new LiveRealtimeInput { PrefixPadding = TimeSpan.Zero, SilenceDuration = TimeSpan.FromMilliseconds(500) },
            ContextWindowCompression = new LiveContextCompression(131_072, 1000),
            EnableAffectiveDialog = true,
            ProactiveAudio = true,
        },
        "v1alpha"));

    [Fact]
    public void Modality_Text_IsRefused()
    {
        LiveSetupViolation violation = Single(Setups.Minimal with { ResponseModality = "TEXT" });
        Assert.Equal(("ResponseModality", false), (violation.Setting, violation.IsAdvice));
        Assert.Contains("\"TEXT\"", violation.Problem);
    }

    [Fact]
    public void Model_Missing_IsRefused() => Assert.Equal("Model", Single(new LiveSetup { Model = " " }).Setting);

    [Theory]
    [InlineData("Puck", null, false)]
    [InlineData("zubenelgenubi", null, false)]
    [InlineData("Karon", "Charon", true)]
    [InlineData("Brand-New2", "", true)]
    [InlineData("two words", "", false)]
    [InlineData("", "", false)]
    public void Voice_UnknownIsAdvice_IllFormedIsRefused(string voice, string? hint, bool advice)
    {
        IReadOnlyList<LiveSetupViolation> found = Check(Setups.Minimal with { VoiceName = voice });
        if (hint is null)
        {
            Assert.Empty(found);
            return;
        }

        LiveSetupViolation violation = Assert.Single(found);
        Assert.Equal(("VoiceName", advice), (violation.Setting, violation.IsAdvice));
        Assert.Contains(hint, violation.Remedy);
    }

    [Theory]
    [InlineData("de-DE", null)]
    [InlineData("EN-us", null)]
    [InlineData("de-AT", null)]
    [InlineData("es-419", null)]
    [InlineData("zh-Hant-TW", null)]
    [InlineData("fil", null)]
    [InlineData("he-IL", null)]
    [InlineData("en_US", "en-US")]
    [InlineData("de-DEU", "de-DE")]
    [InlineData("english", "")]
    [InlineData("xx-YY", "")]
    [InlineData("", "")]
    [InlineData("de-", "de")]
    public void Language_Unknown_SuggestsTheNearest(string language, string? suggestion)
    {
        IReadOnlyList<LiveSetupViolation> found = Check(Setups.Minimal with { LanguageCode = language });
        if (suggestion is null)
        {
            Assert.Empty(found);
            return;
        }

        LiveSetupViolation violation = Assert.Single(found);
        Assert.Equal(("LanguageCode", false), (violation.Setting, violation.IsAdvice));
        Assert.Contains(suggestion, violation.Remedy);
    }

    [Fact]
    public void Languages_EveryOneInTheTable_IsSupportedAsSpelt()
    {
        Assert.Equal(97, LiveLanguages.Plain.Count);
        Assert.All([.. LiveLanguages.Plain, .. LiveLanguages.Regional], tag => Assert.Equal(tag, LiveLanguages.Canonical(tag.ToUpperInvariant())));
    }

    [Theory]
    [InlineData(Live, null, LiveThinkingLevel.Low, "Thinking")]
    [InlineData(Live, 0, null, "Thinking")]
    [InlineData(HalfCascade, 0, null, "Thinking")]
    [InlineData(Extended, null, LiveThinkingLevel.Minimal, "Thinking.Level")]
    [InlineData(Extended, null, LiveThinkingLevel.High, null)]
    [InlineData(Extended, 100, null, "Thinking.Budget")]
    [InlineData(Legacy, null, LiveThinkingLevel.Minimal, null)]
    [InlineData(Legacy, null, (LiveThinkingLevel)9, "Thinking.Level")]
    [InlineData(Native, null, LiveThinkingLevel.Low, "Thinking.Level")]
    [InlineData(Native, 24_576, null, null)]
    [InlineData(Native, 24_577, null, "Thinking.Budget")]
    [InlineData(Native, -2, null, "Thinking.Budget")]
    public void Thinking_ByFamily(string model, int? budget, LiveThinkingLevel? level, string? setting) =>
        Expect(new LiveSetup { Model = model, Thinking = new LiveThinking { Budget = budget, Level = level } }, setting);

    [Theory]
    [InlineData(Live, "v1alpha", false)]
    [InlineData(Extended, "v1alpha", false)]
    [InlineData(Legacy, "v1alpha", false)]
    [InlineData(Native, "v1beta", false)]
    [InlineData(Native, "v1alpha", true)]
    public void Proactivity_ByFamilyAndVersion(string model, string apiVersion, bool allowed)
    {
        IReadOnlyList<LiveSetupViolation> found = Check(
            new LiveSetup { Model = model, ProactiveAudio = true, EnableAffectiveDialog = true }, apiVersion);
        Assert.Equal(allowed ? [] : ["EnableAffectiveDialog", "ProactiveAudio"], found.Select(violation => violation.Setting));
    }

    [Theory]
    [InlineData(Live, LiveFunctionBehavior.Blocking, true)]
    [InlineData(Live, LiveFunctionBehavior.NonBlocking, true)]
    [InlineData(Extended, LiveFunctionBehavior.Blocking, false)]
    [InlineData(Extended, LiveFunctionBehavior.NonBlocking, true)]
    [InlineData(Legacy, LiveFunctionBehavior.Blocking, true)]
    [InlineData(Legacy, LiveFunctionBehavior.NonBlocking, false)]
    [InlineData(Native, LiveFunctionBehavior.Blocking, true)]
    [InlineData(Native, LiveFunctionBehavior.NonBlocking, true)]
    public void Behavior_ByFamily(string model, LiveFunctionBehavior behavior, bool allowed) => Expect(
        new LiveSetup { Model = model, Functions = [new LiveFunction("book", "books", Behavior: behavior)] },
        allowed ? null : "Functions[book].Behavior");

    [Theory]
    [InlineData("", "Functions[0].Name")]
    [InlineData("1st", "Functions[0].Name")]
    [InlineData("two words", "Functions[0].Name")]
    [InlineData("größe", "Functions[0].Name")]
    [InlineData("_ok", null)]
    public void Function_Name_HasAShape(string name, string? setting) =>
        Expect(Setups.Minimal with { Functions = [new LiveFunction(name, "d")] }, setting);

    [Fact]
    public void Function_NameOf65Letters_IsRefused() =>
        Expect(Setups.Minimal with { Functions = [new LiveFunction(new string('a', 65), "d")] }, "Functions[0].Name");

    [Fact]
    public void Functions_OfOneName_AreRefused() =>
        Expect(Setups.Minimal with { Functions = [new LiveFunction("a", "d"), new LiveFunction("A", "d"), new LiveFunction("a", "d")] }, "Functions[2].Name");

    [Fact]
    public void Functions_TooMany_AreRefused()
    {
        LiveFunction[] functions = [.. Enumerable.Range(0, 129).Select(i => new LiveFunction($"f{i}", "d"))];
        Expect(Setups.Minimal with { Functions = functions }, "Functions");
        Expect(Setups.Minimal with { Functions = functions[..128] }, null);
    }

    [Theory]
    [InlineData("\"text\"", "Functions[f].ParametersSchema")]
    [InlineData("""{"type":"array"}""", "Functions[f].ParametersSchema")]
    [InlineData("""{"type":["object","null"]}""", "Functions[f].ParametersSchema")]
    [InlineData("""{"type":"OBJECT"}""", null)]
    [InlineData("""{"properties":{}}""", null)]
    public void Function_Schema_IsOfAnObject(string schema, string? setting) =>
        Expect(Setups.Minimal with { Functions = [new LiveFunction("f", "d", JsonElement.Parse(schema))] }, setting);

    [Fact]
    public void Function_ResponseSchema_IsCheckedToo() => Expect(
        Setups.Minimal with { Functions = [new LiveFunction("f", "d") { ResponseSchema = JsonElement.Parse("3") }] }, "Functions[f].ResponseSchema");

    [Fact]
    public void Function_WithoutDescription_IsAdvice() =>
        Assert.True(Single(Setups.Minimal with { Functions = [new LiveFunction("f", "")] }).IsAdvice);

    [Theory]
    [InlineData(Legacy, false)]
    [InlineData(Native, false)]
    [InlineData(Live, true)]
    public void CodeExecution_ByFamily(string model, bool allowed) =>
        Expect(new LiveSetup { Model = model, CodeExecution = true, GoogleSearch = true }, allowed ? null : "CodeExecution");

    [Fact]
    public void GoogleSearch_WhereTheContractRefusesIt_IsAViolation() => Expect(
        Setups.Minimal with { GoogleSearch = true, Contract = LiveModelContract.For(Live) with { GoogleSearch = false } }, "GoogleSearch");

    public static TheoryData<LiveGeneration, string> BadGenerations => new()
    {
        { new() { Temperature = -0.1 }, "Temperature" },
        { new() { Temperature = 2.1 }, "Temperature" },
        { new() { Temperature = double.NaN }, "Temperature" },
        { new() { TopP = 1.01 }, "TopP" },
        { new() { TopP = -1 }, "TopP" },
        { new() { TopK = 0 }, "TopK" },
        { new() { MaxOutputTokens = 0 }, "MaxOutputTokens" },
        { new() { MaxOutputTokens = 200_000 }, "MaxOutputTokens" },
        { new() { PresencePenalty = 2.5 }, "PresencePenalty" },
        { new() { FrequencyPenalty = -2.5 }, "FrequencyPenalty" },
        { new() { CandidateCount = 2 }, "CandidateCount" },
        { new() { CandidateCount = 0 }, "CandidateCount" },
        { new() { MediaResolution = "LOW" }, "MediaResolution" },
    };

    [Theory]
    [MemberData(nameof(BadGenerations))]
    public void Generation_OutOfRange_IsRefused(LiveGeneration generation, string setting) =>
        Expect(Setups.Minimal with { Generation = generation }, "Generation." + setting);

    [Theory]
    [InlineData(-1, 500, "RealtimeInput.PrefixPadding")]
    [InlineData(20, -1, "RealtimeInput.SilenceDuration")]
    [InlineData(20, 10_001, "RealtimeInput.SilenceDuration")]
    [InlineData(10_001, 500, "RealtimeInput.PrefixPadding")]
    [InlineData(20, 500, null)]
    public void Detection_OutOfRange_IsRefused(int paddingMs, int silenceMs, string? setting) => Expect(
        Setups.Minimal with
        {
            RealtimeInput = new LiveRealtimeInput { PrefixPadding = TimeSpan.FromMilliseconds(paddingMs), SilenceDuration = TimeSpan.FromMilliseconds(silenceMs) },
        },
        setting);

    [Fact]
    public void Detection_SplittingSentences_IsAdvice() =>
        Assert.True(Single(Setups.Minimal with { RealtimeInput = new LiveRealtimeInput { SilenceDuration = TimeSpan.FromMilliseconds(100) } }).IsAdvice);

    [Fact]
    public void Detection_OffButTuned_IsAdvice() => Assert.True(Single(Setups.Minimal with
    {
        RealtimeInput = new LiveRealtimeInput { AutomaticActivityDetection = false, StartOfSpeech = LiveSensitivity.High },
    }).IsAdvice);

    [Theory]
    [InlineData(Live, 131_072L, 65_536L, null)]
    [InlineData(Live, 131_073L, 65_536L, "TriggerTokens")]
    [InlineData(HalfCascade, 32_769L, null, "TriggerTokens")]
    [InlineData(Live, 0L, null, "TriggerTokens")]
    [InlineData(Live, null, 0L, "TargetTokens")]
    [InlineData(Live, 1000L, 1000L, "TargetTokens")]
    [InlineData(Live, 1000L, 999L, null)]
    public void Compression_TargetBelowTriggerWithinTheWindow(string model, long? trigger, long? target, string? setting) => Expect(
        new LiveSetup { Model = model, ContextWindowCompression = new LiveContextCompression(trigger, target) },
        setting is null ? null : "ContextWindowCompression." + setting);

    [Fact]
    public void Violation_AsText_NamesSettingProblemAndRemedy() => Assert.Equal(
        "Generation.Temperature: 3 is out of range; choose 0 to 2",
        Single(Setups.Minimal with { Generation = new LiveGeneration { Temperature = 3 } }).ToString());

    [Fact]
    public void Violations_AreAllFoundAtOnce() => Assert.Equal(
        ["ResponseModality", "VoiceName", "Thinking", "ProactiveAudio", "Generation.TopK"],
        Check(Setups.Minimal with
        {
            ResponseModality = "TEXT",
            VoiceName = "?",
            Thinking = new LiveThinking(),
            ProactiveAudio = true,
            Generation = new LiveGeneration { TopK = -1 },
        }).Select(violation => violation.Setting));

    private static IReadOnlyList<LiveSetupViolation> Check(LiveSetup setup, string apiVersion = "v1beta") =>
        (setup.Contract ?? LiveModelContract.For(setup.Model)).Check(setup, apiVersion);

    private static LiveSetupViolation Single(LiveSetup setup) => Assert.Single(Check(setup));

    private static void Expect(LiveSetup setup, string? setting)
    {
        IReadOnlyList<LiveSetupViolation> found = Check(setup);
        Assert.Equal(setting is null ? [] : [setting], found.Select(violation => violation.Setting));
        Assert.All(found, violation => Assert.False(violation.IsAdvice));
    }
}
