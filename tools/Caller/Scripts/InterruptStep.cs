namespace VoiceGateway.Caller;

/// <summary>Waits until the agent has been speaking for <paramref name="After"/>, and then speaks over it.</summary>
/// <remarks>When the agent is done before, the clip is spoken all the same: the report shows that nothing was interrupted.</remarks>
public sealed record InterruptStep(TimeSpan After, SpeechClip Audio, string? Text = null) : CallerStep
{
    /// <summary>For how long the agent may leave the caller waiting before it speaks.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
