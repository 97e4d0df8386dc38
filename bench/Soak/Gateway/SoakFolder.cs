using VoiceGateway.Soak.Plugin;

namespace VoiceGateway.Soak;

/// <summary>Everything that a gateway for the soak reads and writes: configuration, plugin, database, and what the simulator captures.</summary>
internal sealed class SoakFolder : IDisposable
{
    private const string Agent = """
        {
          "voice": "Kore",
          "language": "en-US",
          "instructions": "You answer the telephone of a restaurant. The caller's number is {{caller}}.",
          "greeting": "A caller is on the line. Greet them in one sentence and ask how you can help.",
          "tools": ["orders/*", "opening_hours"]
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-soak-");

    /// <param name="gatewayJson">The settings to begin with.</param>
    /// <param name="rounds">How many rounds of a caller's turns the scenario is to have.</param>
    public SoakFolder(string gatewayJson, int rounds)
    {
        Config = _folder.CreateSubdirectory("config").FullName;
        Capture = _folder.CreateSubdirectory("capture").FullName;
        Plugins = _folder.CreateSubdirectory("plugins").FullName;
        File.Copy(gatewayJson, Path.Combine(Config, "gateway.json"));
        File.WriteAllText(Path.Combine(Config, "routes.json"), """{ "routes": [ { "dialled": "*", "agent": "default" } ] }""");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Config, "agents")).FullName, "default.json"), Agent);
        var plugin = typeof(OrdersPlugin).Assembly.Location;
        File.Copy(plugin, Path.Combine(Plugins, Path.GetFileName(plugin)));
        Scenario = SoakScenario.Write(_folder.FullName, rounds);
    }

    public string Config { get; }

    public string Capture { get; }

    public string Plugins { get; }

    public string Scenario { get; }

    public string Database => Path.Combine(_folder.FullName, "soak.db");

    public string Log => Path.Combine(_folder.FullName, "gateway.log");

    public void Dispose() => _folder.Delete(recursive: true);
}
