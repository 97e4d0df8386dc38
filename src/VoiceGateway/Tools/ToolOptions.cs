using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Tools;

/// <summary>The section <c>Tools</c>.</summary>
public sealed class ToolOptions
{
    public const string Section = "Tools";

    /// <summary>Folder with further plugins: one subfolder each, its main assembly named like it. Need not exist.</summary>
    public string PluginsFolder { get; set; } = "plugins";

    /// <summary>How long a caller waits for a tool before the model is told that nothing came.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Exceptions to <see cref="Timeout"/>, by tool name: <c>Tools:Timeouts:transfer_call=00:01:00</c>.</summary>
    public Dictionary<string, TimeSpan> Timeouts { get; set; } = new()
    {
        ["transfer_call"] = TimeSpan.FromSeconds(60),
        // 64 keys, nearly all of them pauses of a second.
        ["press_keys"] = TimeSpan.FromSeconds(90),
    };

    /// <summary>How many tools of one call run at the same time; more wait, within their time-out.</summary>
    [Range(1, 64)]
    public int MaxConcurrentPerCall { get; set; } = 8;

    /// <summary>The Live session is closed (1011) over an oversized result, so longer ones are cut.</summary>
    [Range(256, 1024 * 1024)]
    public int MaxResultBytes { get; set; } = 16 * 1024;

    /// <summary>How long a finished call waits for cancelled tools to return before it leaves them to themselves.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan HangUpGrace { get; set; } = TimeSpan.FromSeconds(2);

    public TimeSpan TimeoutOf(string tool) => Timeouts.GetValueOrDefault(tool, Timeout);
}
