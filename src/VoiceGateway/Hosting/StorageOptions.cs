namespace VoiceGateway.Hosting;

/// <summary>Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary><c>sqlite:PATH</c> or <c>postgres:CONNECTION-STRING</c>.</summary>
    public string Database { get; set; } = "sqlite:data/voicegateway.db";

    /// <summary>Folder for stereo WAV recordings (left the caller, right the agent); empty: none are made.</summary>
    public string Recordings { get; set; } = "";
}
