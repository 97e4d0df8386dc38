using System.Buffers.Text;
using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Reading proto3 JSON as servers really send it: names in camelCase or snake_case, int64 as number or string,
/// null or an unexpected type for "not set". Every Take method starts on the property name (or before the array element),
/// moves on to the value and leaves the reader at the value's end. Broken JSON throws <see cref="JsonException"/>.
/// </summary>
internal static class WireJson
{
    /// <summary>Steps into an object; false when the value is something else, which is then passed over.</summary>
    public static bool EnterObject(this ref Utf8JsonReader reader) => reader.Enter(JsonTokenType.StartObject);

    /// <summary>Steps into an array; false when the value is something else, which is then passed over.</summary>
    public static bool EnterArray(this ref Utf8JsonReader reader) => reader.Enter(JsonTokenType.StartArray);

    /// <summary>To the next property name of the object; false at its end.</summary>
    public static bool NextProperty(this ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the array has another element; if not, the reader is at its end.</summary>
    public static bool NextElement(this ref Utf8JsonReader reader)
    {
        Utf8JsonReader ahead = reader;
        ahead.Read();
        if (ahead.TokenType != JsonTokenType.EndArray) return true;

        reader = ahead;
        return false;
    }

    /// <summary>Compares the property name with a camelCase name; its snake_case spelling matches, too.</summary>
    public static bool Is(this ref Utf8JsonReader reader, ReadOnlySpan<byte> camelCase)
    {
        if (reader.ValueTextEquals(camelCase)) return true;

        ReadOnlySpan<byte> name = reader.ValueSpan;
        return name.Length > camelCase.Length && name.Contains((byte)'_') && EqualsSnakeCase(name, camelCase);
    }

    public static void SkipValue(this ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    public static bool TakeBool(this ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.String:
                return reader.ValueTextEquals("true"u8);
            default:
                reader.Skip();
                return false;
        }
    }

    public static string? TakeString(this ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>A string that is usually one of a few, which is then the one that is there already.</summary>
    public static string? TakeWord(this ref Utf8JsonReader reader, ReadOnlySpan<string> usual)
    {
        Utf8JsonReader ahead = reader;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.String)
        {
            foreach (string word in usual)
            {
                if (!ahead.ValueTextEquals(word)) continue;
                reader = ahead;
                return word;
            }
        }

        return reader.TakeString();
    }

    public static long? TakeInt64(this ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                if (reader.TryGetInt64(out long number)) return number;
                return reader.TryGetDouble(out double real) && Math.Abs(real) < 9e18 ? (long)real : null;
            case JsonTokenType.String:
                return Utf8Parser.TryParse(reader.ValueSpan, out number, out int used) && used == reader.ValueSpan.Length ? number : null;
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>A protobuf Duration: <c>"1.5s"</c>, or as <c>{"seconds":1,"nanos":500000000}</c>, or bare seconds.</summary>
    public static TimeSpan? TakeDuration(this ref Utf8JsonReader reader)
    {
        Utf8JsonReader ahead = reader;
        ahead.Read();
        if (ahead.TokenType == JsonTokenType.StartObject)
        {
            reader.EnterObject();
            return TakeSecondsAndNanos(ref reader);
        }

        reader.Read();
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            return ParseSeconds(reader.ValueSpan);

        reader.Skip();
        return null;
    }

    /// <summary>The value as it is, kept beyond the receive buffer.</summary>
    public static JsonElement TakeElement(this ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonElement.ParseValue(ref reader);
    }

    private static bool Enter(this ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start) return true;

        reader.Skip();
        return false;
    }

    private static bool EqualsSnakeCase(ReadOnlySpan<byte> snake, ReadOnlySpan<byte> camel)
    {
        int at = 0;
        for (int i = 0; i < snake.Length; i++)
        {
            byte letter = snake[i];
            if (letter == '_' && i + 1 < snake.Length)
            {
                letter = snake[++i];
                if (letter is >= (byte)'a' and <= (byte)'z') letter -= 'a' - 'A';
            }

            if (at == camel.Length || camel[at++] != letter) return false;
        }

        return at == camel.Length;
    }

    private static TimeSpan TakeSecondsAndNanos(ref Utf8JsonReader reader)
    {
        long seconds = 0, nanos = 0;
        while (reader.NextProperty())
        {
            if (reader.Is("seconds"u8)) seconds = reader.TakeInt64() ?? 0;
            else if (reader.Is("nanos"u8)) nanos = reader.TakeInt64() ?? 0;
            else reader.SkipValue();
        }

        return Clamped(seconds + nanos / 1e9);
    }

    private static TimeSpan? ParseSeconds(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out double seconds, out int used)) return null;
        return text[used..] is [] or [(byte)'s'] ? Clamped(seconds) : null;
    }

    private static TimeSpan Clamped(double seconds) =>
        double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)) : TimeSpan.Zero;
}
