using static VoiceGateway.LiveSimulator.MessageShape;

namespace VoiceGateway.LiveSimulator;

/// <summary>The client messages, each as one tree. The Vertex AI flavour knows a few fields that the Developer API does not.</summary>
internal static class ClientShapes
{
    public static RecordShape ClientContent { get; } = new(
        ("turns", ListOf(ContentShapes.Content)), ("turnComplete", Flag));

    public static RecordShape RealtimeInput { get; } = new(
        ("audio", ContentShapes.Blob), ("video", ContentShapes.Blob), ("text", Text), ("mediaChunks", ListOf(ContentShapes.Blob)),
        ("activityStart", Struct), ("activityEnd", Struct), ("audioStreamEnd", Flag));

    public static RecordShape ToolResponse { get; } = new(
        ("functionResponses", ListOf(new RecordShape(
            ("id", Text), ("name", Text), ("response", Struct), ("parts", Anything), ("willContinue", Flag),
            ("scheduling", OneOf("SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"))))));

    public static RecordShape ContextUpdate { get; } = new(
        ("systemInstruction", ContentShapes.Content), ("tools", ContentShapes.Tools));

    public static RecordShape DeveloperSetup { get; } = Setup(new RecordShape(("handle", Text)));

    public static RecordShape VertexSetup { get; } = Setup(new RecordShape(("handle", Text), ("transparent", Flag)))
        .Add("explicitVadSignal", Flag);

    private static RecordShape Setup(RecordShape sessionResumption) => new(
        ("model", Text),
        ("generationConfig", GenerationConfig()),
        ("systemInstruction", ContentShapes.Content),
        ("tools", ContentShapes.Tools),
        ("realtimeInputConfig", new RecordShape(
            ("automaticActivityDetection", new RecordShape(
                ("disabled", Flag),
                ("startOfSpeechSensitivity", OneOf("START_SENSITIVITY_UNSPECIFIED", "START_SENSITIVITY_HIGH", "START_SENSITIVITY_LOW")),
                ("endOfSpeechSensitivity", OneOf("END_SENSITIVITY_UNSPECIFIED", "END_SENSITIVITY_HIGH", "END_SENSITIVITY_LOW")),
                ("prefixPaddingMs", Integer), ("silenceDurationMs", Integer))),
            ("activityHandling", OneOf("ACTIVITY_HANDLING_UNSPECIFIED", "START_OF_ACTIVITY_INTERRUPTS", "NO_INTERRUPTION")),
            ("turnCoverage", OneOf("TURN_COVERAGE_UNSPECIFIED", "TURN_INCLUDES_ONLY_ACTIVITY", "TURN_INCLUDES_ALL_INPUT")))),
        ("sessionResumption", sessionResumption),
        ("contextWindowCompression", new RecordShape(
            ("triggerTokens", Integer), ("slidingWindow", new RecordShape(("targetTokens", Integer))))),
        ("inputAudioTranscription", Transcription()),
        ("outputAudioTranscription", Transcription()),
        ("proactivity", new RecordShape(("proactiveAudio", Flag))),
        ("historyConfig", new RecordShape(("initialHistoryInClientContent", Flag))),
        ("safetySettings", Anything), ("labels", new MapShape(Text)), ("avatarConfig", Struct));

    private static RecordShape GenerationConfig() => new(
        ("responseModalities", ListOf(OneOf("MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO"))),
        ("temperature", Number), ("topP", Number), ("topK", Number), ("maxOutputTokens", Integer), ("candidateCount", Integer),
        ("presencePenalty", Number), ("frequencyPenalty", Number), ("seed", Integer),
        ("mediaResolution", OneOf("MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH")),
        ("speechConfig", new RecordShape(
            ("languageCode", Text),
            ("voiceConfig", new RecordShape(
                ("prebuiltVoiceConfig", new RecordShape(("voiceName", Text))), ("replicatedVoiceConfig", Struct))),
            ("multiSpeakerVoiceConfig", Struct))),
        ("thinkingConfig", new RecordShape(
            ("includeThoughts", Flag), ("thinkingBudget", Integer),
            ("thinkingLevel", OneOfAnyCase("THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH")))),
        ("enableAffectiveDialog", Flag), ("translationConfig", Struct));

    private static RecordShape Transcription() => new(
        ("languageCodes", ListOf(Text)), ("languageAuto", Struct), ("languageHints", Struct),
        ("customVocabulary", ListOf(Text)), ("adaptationPhrases", Anything), ("wordTimestamp", Flag), ("diarization", Flag), ("mode", Text));
}
