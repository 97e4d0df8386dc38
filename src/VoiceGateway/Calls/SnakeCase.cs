using System.Text.Json;

namespace VoiceGateway.Calls;

/// <summary>How an enum's value is called outside of the program: in metrics' tags, in records and over HTTP.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
