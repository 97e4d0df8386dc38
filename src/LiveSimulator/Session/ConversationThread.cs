namespace VoiceGateway.LiveSimulator;

/// <summary>What sessions that resume one another have in common.</summary>
internal sealed class ConversationThread(string id, string? captureFolder)
{
    public string Id => id;

    /// <summary>Where the caller's audio of all its sessions goes, if it goes to a file.</summary>
    public CaptureFile? Capture { get; } = captureFolder is null ? null : new CaptureFile(Path.Combine(captureFolder, $"{id}.pcm"));

    /// <summary>The newest of its sessions, by its id alone: handles outlive sessions, and must not hold on to their logs and audio.</summary>
    public string? CurrentId { get; set; }

    /// <summary>A reply that the last session did not live to give. A nudge gets it.</summary>
    public ReplyPlan? Unfinished { get; set; }

    /// <summary>How far the random faults have got, by the armed fault's id: one session of the conversation runs at a time.</summary>
    public Dictionary<string, RandomDraw> Draws { get; } = new(StringComparer.Ordinal);
}
