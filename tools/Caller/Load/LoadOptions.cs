namespace VoiceGateway.Caller;

public sealed record LoadOptions
{
    public required int Calls { get; init; }

    /// <summary>How many calls are placed a second until all are up.</summary>
    public double CallsPerSecond { get; init; } = 10;

    /// <summary>How long all calls stay up together.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A caller whose call the agent ends calls again; otherwise such a call is lost.</summary>
    public bool Redials { get; init; }

    /// <summary>What the callers do, again and again; call n plays script n modulo their number, so that not all say the same at once.</summary>
    public required IReadOnlyList<CallerScript> Scripts { get; init; }

    /// <summary>The target, the codec, time-outs. Recording, progress and arrivals are set for each call.</summary>
    public required CallerOptions Call { get; init; }

    /// <summary>The gateway's process, when it runs on this machine.</summary>
    public int? WatchPid { get; init; }
}
