namespace VoiceGateway.Turns;

/// <summary>Who has the floor: what all parts of the watch must know of the moment. Guarded by the watch's lock.</summary>
internal sealed class Floor
{
    /// <summary>Model audio is leaving or waits to. The filler does not count.</summary>
    public bool AgentAudible { get; set; }

    public bool CallerSpeaks { get; set; }

    /// <summary>Tool calls that have no answer yet.</summary>
    public int Tools { get; set; }

    /// <summary>Reasons for which the caller does not hear us.</summary>
    public int Holds { get; set; }

    public bool IsHeld => Holds > 0;

    public bool LinkIsDown { get; set; }

    /// <summary>Silence means nothing now.</summary>
    public bool IsPaused => IsHeld || LinkIsDown;

    public bool SomebodySpeaks => AgentAudible || CallerSpeaks;

    /// <summary>Neither side speaks, and nothing explains it.</summary>
    public bool IsQuiet => !SomebodySpeaks && Tools == 0 && !IsPaused;
}
