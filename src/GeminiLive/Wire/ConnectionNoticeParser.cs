using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>What concerns the connection and not the talk: <c>sessionResumptionUpdate</c> and <c>goAway</c>.</summary>
internal static class ConnectionNoticeParser
{
    public static void ParseResumption(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        string? handle = null;
        bool resumable = false;
        long? lastConsumed = null;
        while (reader.NextProperty())
        {
            if (reader.Is("newHandle"u8)) handle = reader.TakeString();
            else if (reader.Is("resumable"u8)) resumable = reader.TakeBool();
            else if (reader.Is("lastConsumedClientMessageIndex"u8)) lastConsumed = reader.TakeInt64();
            else reader.SkipValue();
        }

        message.Resumption = (string.IsNullOrEmpty(handle) ? null : handle, resumable, lastConsumed);
    }

    public static void ParseGoAway(ref Utf8JsonReader reader, ServerMessage message)
    {
        message.GoAwayTimeLeft = TimeSpan.Zero;
        if (!reader.EnterObject()) return;

        while (reader.NextProperty())
        {
            if (reader.Is("timeLeft"u8)) message.GoAwayTimeLeft = reader.TakeDuration() ?? TimeSpan.Zero;
            else reader.SkipValue();
        }
    }
}
