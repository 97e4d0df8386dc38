namespace VoiceGateway.Records;

/// <summary>Tokens that the model service counted, summed over the call.</summary>
public sealed record TokenUsage(long Prompt, long Response, long Total)
{
    public static TokenUsage None { get; } = new(0, 0, 0);
}
