namespace VoiceGateway.Tests.Routing;

/// <summary>A configuration folder with one agent, <c>default</c>, that answers every number.</summary>
internal sealed class AgentsFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agents");

    public AgentsFolder(string agent, string routes = """{ "routes": [ { "dialled": "*", "agent": "default" } ] }""")
    {
        File.WriteAllText(System.IO.Path.Combine(_folder.FullName, "routes.json"), routes);
        Write("default.json", agent);
    }

    public string Path => _folder.FullName;

    /// <summary>Puts a file beside the agents.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(Path, "agents")).FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
