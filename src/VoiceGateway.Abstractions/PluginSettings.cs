using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VoiceGateway.Abstractions;

/// <summary>
/// One section of the configuration, to be read into a class of the plugin's own.
/// Values may be strings throughout, as they are when they come from environment variables.
/// </summary>
public sealed class PluginSettings
{
    private static readonly JsonSerializerOptions Binding = new(JsonSerializerDefaults.General)
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        // A mistyped key must not be a silent default.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(), new LenientBooleanConverter() },
    };

    private readonly JsonObject _values;

    public PluginSettings(string key, JsonObject values)
    {
        Key = key;
        _values = values;
    }

    public static PluginSettings Empty { get; } = new("(no settings)", []);

    /// <summary>The configuration key of the section.</summary>
    public string Key { get; }

    /// <summary>Settings written as JSON, for tests.</summary>
    public static PluginSettings Parse(string key, string json) =>
        new(key, JsonNode.Parse(json)?.AsObject() ?? throw new JsonException("A JSON object was expected."));

    /// <summary>Reads the section into <typeparamref name="T"/>; what is not set keeps the class's default.</summary>
    /// <exception cref="ConfigurationException">An unknown key or a value of the wrong kind; the message names the key.</exception>
    public T Bind<T>()
        where T : class, new()
    {
        try
        {
            return _values.Deserialize<T>(Binding) ?? new T();
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(KeyOf(e), Explain<T>(e), e);
        }
    }

    // "$.Tables.T1" is Plugins:Bookings:Tables:T1, "$.Closed[0]" is …:Closed:0.
    private string KeyOf(JsonException e)
    {
        var path = (e.Path ?? "$").TrimStart('$').Replace("['", ".").Replace("']", "").Replace('[', '.').Replace("]", "").Trim('.');
        return path.Length == 0 ? Key : $"{Key}:{path.Replace('.', ':')}";
    }

    private static string Explain<T>(JsonException e) =>
        e.Message.Contains("could not be mapped", StringComparison.Ordinal)
            ? $"unknown key; known ones are {string.Join(", ", typeof(T).GetProperties().Select(p => p.Name))}"
            : $"the value does not fit ({e.Message.Split(" Path:")[0]})";
}
