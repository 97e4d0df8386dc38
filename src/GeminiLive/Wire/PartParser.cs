using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>One element of <c>modelTurn.parts</c>. Its fields may come in any order, so they are judged at its end.</summary>
internal static class PartParser
{
    public static void Parse(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        string? text = null;
        bool thought = false;
        while (reader.NextProperty())
        {
            if (reader.Is("inlineData"u8))
                ParseInlineData(ref reader, message);
            else if (reader.Is("text"u8))
                text = reader.TakeString();
            else if (reader.Is("thought"u8))
                thought = reader.TakeBool();
            else if (reader.Is("executableCode"u8))
                message.Parts.Add(new(ServerPartKind.ExecutableCode) { Json = reader.TakeElement() });
            else if (reader.Is("codeExecutionResult"u8))
                message.Parts.Add(new(ServerPartKind.CodeExecutionResult) { Json = reader.TakeElement() });
            else
                reader.SkipValue();
        }

        if (!string.IsNullOrEmpty(text))
            message.Parts.Add(new(thought ? ServerPartKind.Thought : ServerPartKind.Text) { Text = text });
    }

    private static void ParseInlineData(ref Utf8JsonReader reader, ServerMessage message)
    {
        if (!reader.EnterObject()) return;

        var part = new ServerPart(ServerPartKind.Audio);
        while (reader.NextProperty())
        {
            if (reader.Is("data"u8)) part = TakeData(ref reader, part);
            else if (reader.Is("mimeType"u8)) part = TakeMimeType(ref reader, part);
            else reader.SkipValue();
        }

        if (part.Length > 0) message.Parts.Add(part);
    }

    private static ServerPart TakeData(ref Utf8JsonReader reader, ServerPart part)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return part;
        }

        return part with
        {
            Start = (int)reader.TokenStartIndex + 1,
            Length = reader.ValueSpan.Length,
            Escaped = reader.ValueIsEscaped,
        };
    }

    private static ServerPart TakeMimeType(ref Utf8JsonReader reader, ServerPart part)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return part;
        }

        Span<byte> unescaped = stackalloc byte[128];
        scoped ReadOnlySpan<byte> mimeType = reader.ValueSpan;
        if (reader.ValueIsEscaped && mimeType.Length <= unescaped.Length)
            mimeType = unescaped[..reader.CopyString(unescaped)];

        return AudioMimeType.IsPcm24kHz(mimeType)
            ? part
            : part with { Kind = ServerPartKind.UnsupportedMedia, Text = reader.GetString() };
    }
}
