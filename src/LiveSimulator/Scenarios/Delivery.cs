namespace VoiceGateway.LiveSimulator;

/// <summary>When <c>turnComplete</c> is sent: both are seen in the field.</summary>
internal enum TurnCompletion
{
    AfterPlayback,
    AtOnce,
}

/// <summary>How the model's audio is sent: faster than real time, in bursts of uneven messages.</summary>
internal sealed record Delivery
{
    /// <summary>From the end of the caller's turn to the reply.</summary>
    public TimeSpan ThinkTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Times real time.</summary>
    public double Speed { get; init; } = 6;

    public int SmallestChunkBytes { get; init; } = 2;

    public int LargestChunkBytes { get; init; } = 15_360;

    public TurnCompletion TurnComplete { get; init; }

    /// <summary>Makes the sizes the same every time. Null: others in each session.</summary>
    public int? Seed { get; init; }
}
