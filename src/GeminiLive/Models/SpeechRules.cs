namespace VoiceGateway.GeminiLive;

/// <summary>Model, modality, voice and language.</summary>
internal static class SpeechRules
{
    public static void Check(LiveSetup setup, LiveSetupFindings found)
    {
        if (string.IsNullOrWhiteSpace(setup.Model)) found.Refuse("Model", "no model is named", "name one, for example gemini-3.8-live");
        if (setup.ResponseModality != LiveSetup.Audio)
        {
            found.Refuse(
                "ResponseModality",
                $"\"{setup.ResponseModality}\" cannot be heard on a telephone, and a session has one modality only",
                "leave it at AUDIO; the words come as OutputTranscription");
        }

        if (setup.VoiceName is { } voice) CheckVoice(voice, found);
        if (setup.LanguageCode is { } language) CheckLanguage(language, found);
    }

    private static void CheckVoice(string voice, LiveSetupFindings found)
    {
        if (!LiveVoices.IsWellFormed(voice))
            found.Refuse("VoiceName", $"\"{voice}\" is no voice name", "name a prebuilt voice: Puck, Charon, Kore, …");
        else if (LiveVoices.Find(voice) is null)
            found.Advise("VoiceName", $"\"{voice}\" is none of the prebuilt voices known here", $"check it; the nearest is {LiveVoices.Nearest(voice)}");
    }

    private static void CheckLanguage(string language, LiveSetupFindings found)
    {
        if (!LiveLanguages.IsSupported(language))
            found.Refuse("LanguageCode", $"\"{language}\" is no language of the Live API", $"did you mean {LiveLanguages.Nearest(language)}?");
    }
}
