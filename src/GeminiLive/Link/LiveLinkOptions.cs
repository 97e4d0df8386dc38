namespace VoiceGateway.GeminiLive;

/// <summary>When a link changes connections, and how hard it tries to have one.</summary>
public sealed record LiveLinkOptions
{
    public LiveSessionOptions Session { get; init; } = new();

    /// <summary>Age at which a connection is replaced, before the server's limit of about ten minutes; null: only when the server says so.</summary>
    public TimeSpan? RotateAfter { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>How long an aged connection may wait for a quiet moment.</summary>
    public TimeSpan RotateGrace { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Of the time that <c>goAway</c> leaves, this much is kept for closing in order (at most a quarter of it).</summary>
    public TimeSpan GoAwayMargin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A quiet moment without a fresh handle is used after this; what happened since the last one is replayed.</summary>
    public TimeSpan HandlePatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the first connection of a conversation: a telephone rings meanwhile.</summary>
    public TimeSpan StartBudget { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>For all attempts together, the last one included, before the first connection of a conversation.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For each route, when a connection was lost in the middle of a conversation.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(0.5);

    public TimeSpan MostBackOff { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A connection that lived for less did not work: the next attempt backs off, and the budget runs on.</summary>
    public TimeSpan Stable { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Audio that the network has not taken for this long: the connection is dead, whatever TCP still hopes.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(1.2);

    /// <summary>The most of the caller's audio that is kept for a replay, sent and not yet sent together.</summary>
    public TimeSpan MostReplay { get; init; } = TimeSpan.FromSeconds(40);
}
