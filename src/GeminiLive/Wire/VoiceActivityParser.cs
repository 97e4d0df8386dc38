using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>voiceActivity</c>, and its older form <c>voiceActivityDetectionSignal</c>.</summary>
internal static class VoiceActivityParser
{
    public static LiveVoiceActivity? Parse(ref Utf8JsonReader reader)
    {
        if (!reader.EnterObject()) return null;

        string type = "";
        TimeSpan? offset = null;
        while (reader.NextProperty())
        {
            if (reader.Is("voiceActivityType"u8) || reader.Is("vadSignalType"u8) || reader.Is("type"u8)) type = reader.TakeString() ?? "";
            else if (reader.Is("audioOffset"u8)) offset = reader.TakeDuration();
            else reader.SkipValue();
        }

        LiveVoiceActivityKind kind = type switch
        {
            "ACTIVITY_START" or "VAD_SIGNAL_TYPE_SOS" => LiveVoiceActivityKind.Started,
            "ACTIVITY_END" or "VAD_SIGNAL_TYPE_EOS" => LiveVoiceActivityKind.Ended,
            _ => LiveVoiceActivityKind.Unknown,
        };
        return new LiveVoiceActivity(kind, type, offset);
    }
}
