using System.Globalization;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// What may stand at one place of a client message. The service parses strictly: an unknown name, an unknown enum value or a
/// value of the wrong type ends the session with close code 1007, and the reason text says where.
/// </summary>
internal abstract class MessageShape
{
    public static MessageShape Text { get; } = new ValueShape("TYPE_STRING", static v => v.ValueKind == JsonValueKind.String);

    public static MessageShape Flag { get; } = new ValueShape("TYPE_BOOL", static v => v.ValueKind is JsonValueKind.True or JsonValueKind.False);

    public static MessageShape Number { get; } = new ValueShape("TYPE_FLOAT", static v => v.ValueKind == JsonValueKind.Number || IsNumeric(v, NumberStyles.Float));

    public static MessageShape Integer { get; } = new ValueShape("TYPE_INT64", static v =>
        (v.ValueKind == JsonValueKind.Number && v.GetDouble() % 1 == 0) || IsNumeric(v, NumberStyles.AllowLeadingSign));

    public static MessageShape Anything { get; } = new ValueShape("TYPE_ANY", static _ => true);

    public static MessageShape Struct { get; } = new ValueShape("type.googleapis.com/google.protobuf.Struct", static v => v.ValueKind == JsonValueKind.Object);

    public static MessageShape ListOf(MessageShape item) => new ListShape(item);

    public static MessageShape OneOf(params string[] names) => new EnumShape(names, ignoreCase: false);

    public static MessageShape OneOfAnyCase(params string[] names) => new EnumShape(names, ignoreCase: true);

    /// <summary>Null when the value fits; otherwise the service's words for what does not.</summary>
    public abstract string? FaultOf(JsonElement value, string path);

    protected static string Wrong(string path, string type, JsonElement value) =>
        $"Invalid value at '{path}' ({type}), {(value.ValueKind == JsonValueKind.String ? $"\"{value.GetString()}\"" : value.GetRawText())}";

    private static bool IsNumeric(JsonElement value, NumberStyles style) =>
        value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), style, CultureInfo.InvariantCulture, out _);

    private sealed class ValueShape(string type, Func<JsonElement, bool> fits) : MessageShape
    {
        public override string? FaultOf(JsonElement value, string path) => fits(value) ? null : Wrong(path, type, value);
    }

    private sealed class EnumShape(string[] names, bool ignoreCase) : MessageShape
    {
        private readonly HashSet<string> _names = new(names, ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

        public override string? FaultOf(JsonElement value, string path) =>
            value.ValueKind == JsonValueKind.String && _names.Contains(value.GetString()!) ? null : Wrong(path, "TYPE_ENUM", value);
    }

    private sealed class ListShape(MessageShape item) : MessageShape
    {
        public override string? FaultOf(JsonElement value, string path)
        {
            if (value.ValueKind != JsonValueKind.Array)
                return Wrong(path, "TYPE_LIST", value);
            var index = 0;
            foreach (var element in value.EnumerateArray())
            {
                if (item.FaultOf(element, $"{path}[{index++}]") is { } fault)
                    return fault;
            }

            return null;
        }
    }
}
