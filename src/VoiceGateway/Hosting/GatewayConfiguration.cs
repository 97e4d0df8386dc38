using System.Text.Json;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Hosting;

/// <summary>
/// Where settings come from, weakest first: <c>gateway.json</c>, environment variables with the prefix
/// <c>VOICEGATEWAY_</c>, the command line. A list given in a stronger place replaces the whole list of the weaker one:
/// who says where to listen means there, and nowhere else.
/// </summary>
public static class GatewayConfiguration
{
    public const string EnvironmentPrefix = "VOICEGATEWAY_";
    public const string FileName = "gateway.json";

    private static readonly string[] ListKeys = ["Sip:Listen", "Sip:LocalNetworks", "Sip:NameServers", "Sip:Trunks:*:Addresses", "Sip:Trunks:*:SrtpSuites", "Media:Codecs", "Calls:TransferTargets", "Calls:ReferTargets"];

    private static readonly string[] Sections =
        ["Sip", "Media", "Live", "Simulator", "Admin", "Storage", "Calls", "BargeIn", "Turns", "Tools", "Prices", "Plugins", "Business", "Logging"];

    /// <param name="arguments">The command line without its verb.</param>
    /// <param name="folder">The configuration folder; null: <c>config</c> below the working folder, else the one beside the program.</param>
    /// <param name="withEnvironment">False: what is set for a gateway on this machine does not matter here (the demo).</param>
    public static IConfigurationRoot Load(IReadOnlyList<string> arguments, string? folder = null, bool withEnvironment = true)
    {
        var configFolder = FindFolder(folder);
        RejectStrayArguments(arguments);
        try
        {
            var builder = new ConfigurationBuilder()
                .SetBasePath(Path.GetFullPath(configFolder))
                .AddJsonFile(FileName, optional: false, reloadOnChange: false);
            if (withEnvironment) builder.AddEnvironmentVariables(EnvironmentPrefix);
            var configuration = builder
                .AddCommandLine([.. arguments])
                .AddInMemoryCollection([new(FolderKey, configFolder)])
                .Build();
            if (withEnvironment) TakeGoogleKey(configuration);
            ReplaceListsWhole(configuration);
            RejectUnknownSections(configuration);
            return configuration;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new ConfigurationException(Path.Combine(configFolder, FileName), $"is not valid JSON: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>The folder that <c>routes.json</c> and <c>agents/</c> are read from.</summary>
    public static string Folder(IConfiguration configuration) => configuration[FolderKey]!;

    private const string FolderKey = "ConfigFolder";

    private static string FindFolder(string? folder)
    {
        string[] places = folder is not null ? [folder] : ["config", Path.Combine(AppContext.BaseDirectory, "config")];
        return places.FirstOrDefault(static p => File.Exists(Path.Combine(p, FileName)))
            ?? throw new ConfigurationException(FileName, $"not found in {string.Join(" or ", places)}; name its folder with --config FOLDER");
    }

    // The command-line provider ignores what it does not understand; an operator who mistyped must hear of it.
    private static void RejectStrayArguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                throw new ConfigurationException(argument, "unknown verb or argument; try --help");
            if (argument.Contains('=')) continue;
            if (i + 1 >= arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new ConfigurationException(argument, $"has no value; write {argument}=VALUE");
            i++;
        }
    }

    private static readonly string[] CredentialKeys = ["Live:ApiKey", "Live:ApiKeyFile", "Live:AccessToken", "Live:AccessTokenFile", "Live:Vertex:Project"];

    // Google's own variable, for those who have it set already and name no other credential.
    private static void TakeGoogleKey(IConfigurationRoot configuration)
    {
        if (CredentialKeys.All(key => string.IsNullOrWhiteSpace(configuration[key])) && Environment.GetEnvironmentVariable("GEMINI_API_KEY") is { Length: > 0 } key)
            configuration["Live:ApiKey"] = key;
    }

    private static void ReplaceListsWhole(IConfigurationRoot configuration)
    {
        var providers = configuration.Providers.Reverse().ToArray();
        foreach (var list in ListKeys.SelectMany(key => Named(configuration, key)))
        {
            var strongest = Array.FindIndex(providers, p => p.GetChildKeys([], list).Any());
            if (strongest < 0) continue;
            var kept = providers[strongest].GetChildKeys([], list).ToHashSet(StringComparer.OrdinalIgnoreCase);
            // A null value hides the weaker provider's element from the binder.
            foreach (var key in providers.Skip(strongest + 1).SelectMany(p => p.GetChildKeys([], list)).Where(k => !kept.Contains(k)))
                configuration[$"{list}:{key}"] = null;
        }
    }

    // A star stands for every name that is configured there.
    private static IEnumerable<string> Named(IConfiguration configuration, string key) => key.Split(":*:") is [var parent, var list]
        ? configuration.GetSection(parent).GetChildren().Select(named => $"{named.Path}:{list}")
        : [key];

    // A variable without a section (VOICEGATEWAY_PORT, as orchestrators set for a service of that name) is no setting of ours.
    private static void RejectUnknownSections(IConfigurationRoot configuration)
    {
        foreach (var provider in configuration.Providers)
            foreach (var key in provider.GetChildKeys([], null).Distinct())
            {
                if (Sections.Contains(key, StringComparer.OrdinalIgnoreCase) || key == FolderKey) continue;
                if (provider is EnvironmentVariablesConfigurationProvider && !provider.GetChildKeys([], key).Any()) continue;
                throw new ConfigurationException(key, $"unknown setting; the sections are {string.Join(", ", Sections)}");
            }
    }
}
