using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.Load;

/// <summary>The gateway's configuration for a run: as shipped, but that the greeting's text names the caller.</summary>
internal sealed class LoadFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-load-");

    public LoadFolder()
    {
        var shipped = new DirectoryInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "config"));
        foreach (var file in shipped.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var copy = Of("config", System.IO.Path.GetRelativePath(shipped.FullName, file.FullName));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }
        var agent = Of("config", "agents", "default.json");
        var profile = JsonNode.Parse(File.ReadAllText(agent), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        profile["greeting"] = LiveConversation.GreetingPrefix + "{{caller}}. Greet the caller.";
        File.WriteAllText(agent, profile.ToJsonString());
    }

    public string Path => _folder.FullName;

    public string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => _folder.Delete(recursive: true);
}
