namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>A configuration folder of a test's own: one agent, for every number.</summary>
internal sealed class AgentsFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-agents-");

    /// <param name="agent">The profile, as JSON.</param>
    public AgentsFolder(string agent)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "routes.json"), """{ "routes": [ { "dialled": "*", "agent": "default" } ] }""");
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory("agents").FullName, "default.json"), agent);
    }

    /// <summary>For <see cref="GatewayRig"/>.</summary>
    public (string Key, string? Value) Setting => ("ConfigFolder", _folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);
}
