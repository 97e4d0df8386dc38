using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary><c>realtimeInputConfig</c> of the setup.</summary>
internal static class RealtimeInputConfig
{
    private static readonly LiveRealtimeInput Unset = new();

    public static void Write(Utf8JsonWriter json, LiveRealtimeInput input)
    {
        if (input == Unset) return;

        json.WriteStartObject("realtimeInputConfig"u8);
        if (input with { Interruptible = null, TurnIncludesAllInput = null } != Unset) WriteDetection(json, input);
        if (input.Interruptible is { } interruptible)
            json.WriteString("activityHandling"u8, interruptible ? "START_OF_ACTIVITY_INTERRUPTS"u8 : "NO_INTERRUPTION"u8);
        if (input.TurnIncludesAllInput is { } all)
            json.WriteString("turnCoverage"u8, all ? "TURN_INCLUDES_ALL_INPUT"u8 : "TURN_INCLUDES_ONLY_ACTIVITY"u8);
        json.WriteEndObject();
    }

    private static void WriteDetection(Utf8JsonWriter json, LiveRealtimeInput input)
    {
        json.WriteStartObject("automaticActivityDetection"u8);
        if (!input.AutomaticActivityDetection) json.WriteBoolean("disabled"u8, true);
        if (input.StartOfSpeech is { } start)
            json.WriteString("startOfSpeechSensitivity"u8, start == LiveSensitivity.High ? "START_SENSITIVITY_HIGH"u8 : "START_SENSITIVITY_LOW"u8);
        if (input.EndOfSpeech is { } end)
            json.WriteString("endOfSpeechSensitivity"u8, end == LiveSensitivity.High ? "END_SENSITIVITY_HIGH"u8 : "END_SENSITIVITY_LOW"u8);
        if (input.PrefixPadding is { } padding) json.WriteNumber("prefixPaddingMs"u8, (int)padding.TotalMilliseconds);
        if (input.SilenceDuration is { } silence) json.WriteNumber("silenceDurationMs"u8, (int)silence.TotalMilliseconds);
        json.WriteEndObject();
    }
}
