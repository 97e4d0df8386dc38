using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tools;

/// <summary>Starts plugins and collects their tools.</summary>
public sealed partial class ToolCatalogBuilder(IConfiguration configuration, DbDataSource database, TimeProvider time)
{
    public const string BusinessSection = "Business";
    public const string PluginsSection = "Plugins";

    /// <summary>Starts each plugin in turn and fills a catalog.</summary>
    /// <exception cref="ConfigurationException">
    /// Two plugins or tools of one name, a setting that does not fit or belongs to no plugin, or a plugin that failed to start.
    /// </exception>
    public async Task<ToolCatalog> BuildAsync(IEnumerable<IToolPlugin> plugins, CancellationToken cancellationToken)
    {
        var catalog = new ToolCatalog();
        var seen = new Dictionary<string, IToolPlugin>(StringComparer.OrdinalIgnoreCase);
        foreach (var plugin in plugins)
        {
            CheckName(plugin, seen);
            var context = CreateContext(plugin);
            catalog.Add(plugin.Name, await StartAsync(plugin, context, cancellationToken));
        }

        RejectSettingsOfNobody(seen.Keys);
        return catalog;
    }

    // A plugin's name misspelt would leave it with its defaults.
    private void RejectSettingsOfNobody(ICollection<string> names)
    {
        foreach (var section in configuration.GetSection(PluginsSection).GetChildren())
        {
            if (!names.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                throw new ConfigurationException(section.Path, $"there is no such plugin; there are: {string.Join(", ", names)}");
        }
    }

    private ToolPluginContext CreateContext(IToolPlugin plugin) => new()
    {
        Database = database,
        Time = time,
        Settings = PluginSettingsReader.Read(configuration, $"{PluginsSection}:{plugin.Name}"),
        Business = PluginSettingsReader.Read(configuration, BusinessSection),
    };

    private static async Task<List<AIFunction>> StartAsync(IToolPlugin plugin, ToolPluginContext context, CancellationToken cancellationToken)
    {
        try
        {
            await plugin.StartAsync(context, cancellationToken);
            return [.. plugin.CreateTools(context)];
        }
        catch (Exception e) when (e is not (ConfigurationException or OperationCanceledException))
        {
            throw new ConfigurationException(
                $"{PluginsSection}:{plugin.Name}", $"the plugin ({plugin.GetType().Assembly.GetName().Name}) did not start: {e.Message}", e);
        }
    }

    private static void CheckName(IToolPlugin plugin, Dictionary<string, IToolPlugin> seen)
    {
        if (!PluginName().IsMatch(plugin.Name))
            throw new ConfigurationException(PluginsSection, $"{plugin.GetType().FullName} calls itself '{plugin.Name}'; a plugin's name has letters, digits, dots, underscores and hyphens");
        if (!seen.TryAdd(plugin.Name, plugin))
        {
            throw new ConfigurationException(
                $"{PluginsSection}:{plugin.Name}",
                $"two plugins have this name: {Origin(seen[plugin.Name])} and {Origin(plugin)}");
        }
    }

    private static string Origin(IToolPlugin plugin) => $"{plugin.GetType().FullName} ({plugin.GetType().Assembly.GetName().Name})";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PluginName();
}
