using System.Globalization;
using System.Text.Json.Nodes;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tools;

/// <summary>Hands a configuration section to a plugin, which does not know <see cref="IConfiguration"/>.</summary>
internal static class PluginSettingsReader
{
    public static PluginSettings Read(IConfiguration configuration, string key) =>
        new(key, Convert(configuration.GetSection(key)) as JsonObject ?? []);

    private static JsonNode? Convert(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        if (children.Count == 0)
            return section.Value is { } value ? JsonValue.Create(value) : null;
        if (children.TrueForAll(c => int.TryParse(c.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return new JsonArray([.. children.OrderBy(c => int.Parse(c.Key, CultureInfo.InvariantCulture)).Select(Convert)]);

        // Keys of a configuration are alike in either case; the last provider has won already.
        return new JsonObject(children.Select(c => KeyValuePair.Create(c.Key, Convert(c))));
    }
}
