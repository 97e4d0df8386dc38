using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Routing;

/// <summary>
/// Reads a settings file into a record. Unlike the serializer alone it says what is wrong for whoever wrote the file:
/// which key, and what may stand there. Ranges and the like are the data annotations of the record.
/// </summary>
internal static class JsonShape
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        // Deserializing a document reads its text a second time.
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <param name="path">The file.</param>
    /// <param name="name">What complaints call it.</param>
    /// <exception cref="ConfigurationException">Its key is <c>NAME:KEY</c>.</exception>
    public static T Read<T>(string path, string name)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream, Lenient);
            Check(document.RootElement, typeof(T), name, "");
            return document.Deserialize<T>(Json) ?? throw new ConfigurationException(name, "is empty");
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(name, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(name, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>As it is written in a file: <c>whenIdle</c>.</summary>
    public static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static void Check(JsonElement value, Type type, string file, string key)
    {
        if (Expected(value, type) is { } expected) throw new ConfigurationException(Key(file, key), $"must be {expected}");
        if (Item(type) is { } item)
        {
            var index = 0;
            foreach (var element in value.EnumerateArray()) Check(element, item, file, $"{key}[{index++}]");
        }
        else if (Entry(type) is { } entry)
        {
            foreach (var property in value.EnumerateObject()) Check(property.Value, entry, file, Join(key, property.Name));
        }
        else if (IsRecord(type))
        {
            foreach (var property in value.EnumerateObject()) CheckProperty(property, type, file, key);
        }
    }

    private static void CheckProperty(JsonProperty given, Type type, string file, string key)
    {
        var known = Properties(type);
        if (known.FirstOrDefault(p => Word(p.Name).Equals(given.Name, StringComparison.OrdinalIgnoreCase)) is not { } property)
            throw new ConfigurationException(Key(file, Join(key, given.Name)), $"unknown key; known are {string.Join(", ", known.Select(static p => Word(p.Name)))}");
        var name = Join(key, Word(property.Name));
        if (given.Value.ValueKind == JsonValueKind.Null)
        {
            if (!IsNullable(property)) throw new ConfigurationException(Key(file, name), "must not be null; leave the key out");
            return;
        }
        var target = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Check(given.Value, target, file, name);
        if (Item(target) is not null || Entry(target) is not null || IsRecord(target)) return;
        var value = given.Value.Deserialize(target, Json);
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
            if (!rule.IsValid(value))
                throw new ConfigurationException(Key(file, name), rule is RangeAttribute range ? $"must be between {range.Minimum} and {range.Maximum}" : rule.ErrorMessage!);
    }

    private static string? Expected(JsonElement value, Type type)
    {
        var kind = value.ValueKind;
        if (type.IsEnum)
        {
            var words = Enum.GetNames(type).Select(Word).ToArray();
            return kind == JsonValueKind.String && words.Contains(value.GetString(), StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", words)}";
        }
        return type == typeof(string) ? kind == JsonValueKind.String ? null : "text in quotes"
            : type == typeof(bool) ? kind is JsonValueKind.True or JsonValueKind.False ? null : "true or false"
            : type == typeof(int) ? kind == JsonValueKind.Number && value.TryGetInt32(out _) ? null : "a whole number"
            : type == typeof(double) ? kind == JsonValueKind.Number ? null : "a number"
            : Item(type) is not null ? kind == JsonValueKind.Array ? null : "a list in [ ]"
            : kind == JsonValueKind.Object ? null : "an object in { }";
    }

    private static PropertyInfo[] Properties(Type type) =>
        [.. type.GetProperties().Where(static p => p.CanWrite && p.GetCustomAttribute<JsonIgnoreAttribute>() is null)];

    private static bool IsNullable(PropertyInfo property) => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static bool IsRecord(Type type) => type.IsClass && type != typeof(string);

    private static Type? Item(Type type) => Argument(type, typeof(IReadOnlyList<>), 0);

    private static Type? Entry(Type type) => Argument(type, typeof(IReadOnlyDictionary<,>), 1);

    private static Type? Argument(Type type, Type generic, int index) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GenericTypeArguments[index] : null;

    private static string Join(string key, string name) => key.Length == 0 ? name : $"{key}.{name}";

    private static string Key(string file, string key) => key.Length == 0 ? file : $"{file}:{key}";
}
