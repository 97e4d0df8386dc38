using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>Checks a <c>setup</c> message, first its fields, then what the model in question allows, and reads the session's terms out of it.</summary>
internal static class SetupReader
{
    // The service's own defaults are not published; these are what its behaviour on the telephone suggests.
    private const int DefaultSilenceMs = 500;
    private const int PatientSilenceMs = 800;
    private const int EagerOnsetMs = 60;
    private const int ReluctantOnsetMs = 140;

    public static Rejection? Read(JsonElement setup, LiveApiPath api, out SetupTerms? terms)
    {
        terms = null;
        var shape = api.IsVertex ? ClientShapes.VertexSetup : ClientShapes.DeveloperSetup;
        if (shape.FaultOf(setup, "setup") is { } fault)
            return Rejection.Invalid(fault);
        if (FindModel(setup, api, out var contract) is { } unknownModel)
            return unknownModel;
        if (ModelRules.CheckSetup(setup, api, contract!) is { } refused)
            return refused;
        if (ToolDeclarations.Read(setup, contract!, out var tools) is { } badTools)
            return badTools;

        var config = setup.Child("generationConfig");
        var detection = setup.Child("realtimeInputConfig").Child("automaticActivityDetection");
        terms = new SetupTerms
        {
            Contract = contract!,
            Api = api,
            Tools = tools,
            TextReplies = config.List("responseModalities").Any(static m => m.ValueEquals("TEXT")),
            InputTranscription = setup.TryGet("inputAudioTranscription", out _),
            OutputTranscription = setup.TryGet("outputAudioTranscription", out _),
            ManualActivity = detection.Flag("disabled"),
            NoInterruption = setup.Child("realtimeInputConfig").Text("activityHandling") == "NO_INTERRUPTION",
            SpeechOnset = TimeSpan.FromMilliseconds(OnsetMs(detection)),
            TurnSilence = TimeSpan.FromMilliseconds(SilenceMs(detection)),
            Resumption = setup.TryGet("sessionResumption", out var resumption),
            TransparentResumption = resumption.Flag("transparent"),
            ResumptionHandle = resumption.Text("handle") is { Length: > 0 } handle ? handle : null,
            InitialHistory = setup.Child("historyConfig").Flag("initialHistoryInClientContent"),
            IncludeThoughts = config.Child("thinkingConfig").Flag("includeThoughts"),
            VoiceActivitySignals = setup.Flag("explicitVadSignal"),
            PromptTextTokens = (setup.Child("systemInstruction").SizeInCharacters() + setup.Child("tools").SizeInCharacters()) / 4,
        };
        return null;
    }

    private static Rejection? FindModel(JsonElement setup, LiveApiPath api, out ModelContract? contract)
    {
        contract = null;
        var model = setup.Text("model");
        if (string.IsNullOrEmpty(model))
            return Rejection.Invalid("setup.model is required.");
        var slash = model.LastIndexOf("models/", StringComparison.Ordinal);
        var prefix = slash < 0 ? "" : model[..slash];
        if (slash < 0 || (api.IsVertex ? !prefix.EndsWith("publishers/google/", StringComparison.Ordinal) : prefix.Length > 0))
            return Rejection.Invalid($"Invalid model name '{model}': expected {(api.IsVertex ? "projects/…/locations/…/publishers/google/models/{model}" : "models/{model}")}.");
        contract = ModelContract.Find(model[(slash + "models/".Length)..]);
        return contract is null
            ? Rejection.Policy($"{model} is not found for API version {api.Version}, or is not supported for bidiGenerateContent.")
            : null;
    }

    // prefixPaddingMs is the speech that must be heard before its start counts.
    private static int OnsetMs(JsonElement detection) =>
        detection.Integer("prefixPaddingMs") is { } padding and > 0 ? Math.Clamp(padding, 20, 1000)
        : detection.Text("startOfSpeechSensitivity") == "START_SENSITIVITY_LOW" ? ReluctantOnsetMs : EagerOnsetMs;

    private static int SilenceMs(JsonElement detection) =>
        detection.Integer("silenceDurationMs") is { } silence and > 0 ? Math.Clamp(silence, 50, 10_000)
        : detection.Text("endOfSpeechSensitivity") == "END_SENSITIVITY_LOW" ? PatientSilenceMs : DefaultSilenceMs;

    private static JsonElement Child(this JsonElement message, string name) => message.TryGet(name, out var child) ? child : default;

    private static int SizeInCharacters(this JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? 0 : element.GetRawText().Length;
}
