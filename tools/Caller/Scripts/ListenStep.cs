namespace VoiceGateway.Caller;

/// <summary>Waits until the agent has spoken (since the caller last did, or since the last time it was listened to) and has then been silent for a while.</summary>
public sealed record ListenStep : CallerStep
{
    /// <summary>The silence that ends the agent's turn; null: the call's <see cref="CallerOptions.TurnSilence"/>.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>For how long the agent may leave the caller waiting before it speaks.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>An agent that says nothing is no failure.</summary>
    public bool Optional { get; init; }
}
