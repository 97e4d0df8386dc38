using VoiceGateway.Abstractions;

namespace VoiceGateway.Routing;

/// <summary>Reads <c>agents/NAME.json</c> and the files it names.</summary>
internal static class AgentProfileReader
{
    /// <exception cref="ConfigurationException">Its key names the file and the key in it.</exception>
    public static AgentProfile Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var agent = JsonShape.Read<AgentProfile>(path, $"agents/{name}.json") with { Name = name };
        return agent with
        {
            Instructions = agent.InstructionsFile is null ? agent.Instructions : ReadInstructions(agent, folder),
            Apology = agent.Apology is null ? null : Path.Combine(folder, agent.Apology),
            Filler = agent.Filler is null or "" or "tone" ? agent.Filler : Path.Combine(folder, agent.Filler),
            Fallback = [.. agent.Fallback.Select(f => f.ApiKeyFile is null ? f : f with { ApiKeyFile = Path.Combine(folder, f.ApiKeyFile) })],
        };
    }

    private static string ReadInstructions(AgentProfile agent, string folder)
    {
        var key = $"{agent.File}:instructionsFile";
        if (agent.Instructions.Length > 0) throw new ConfigurationException(key, "there are instructions as well; give one of the two");
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, agent.InstructionsFile!)).Trim();
            return text.Length > 0 ? text : throw new ConfigurationException(key, $"{agent.InstructionsFile} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(key, $"cannot be read: {e.Message}", e);
        }
    }
}
