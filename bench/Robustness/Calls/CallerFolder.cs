namespace VoiceGateway.Robustness;

/// <summary>Configuration of a gateway whose agent is told the caller's number: by it the simulator's sessions are told apart. And its database.</summary>
internal sealed class CallerFolder : IDisposable
{
    private const string Agent = """
        {
          "voice": "Kore",
          "language": "en-US",
          "instructions": "You answer the telephone. The caller's number is {{caller}}.",
          "greeting": "A caller is on the line. Greet them in one sentence."
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-robustness-");

    /// <param name="gatewayJson">The settings to begin with.</param>
    public CallerFolder(string gatewayJson)
    {
        File.Copy(gatewayJson, Path.Combine(Config, "gateway.json"));
        File.WriteAllText(Path.Combine(Config, "routes.json"), """{ "routes": [ { "dialled": "*", "agent": "default" } ] }""");
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory("agents").FullName, "default.json"), Agent);
    }

    public string Config => _folder.FullName;

    public string Database => Path.Combine(_folder.FullName, "robustness.db");

    public void Dispose() => _folder.Delete(recursive: true);
}
