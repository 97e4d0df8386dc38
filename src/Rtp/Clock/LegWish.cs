namespace VoiceGateway.Rtp;

/// <summary>What a leg wants of the clock with its next tick.</summary>
internal enum LegWish
{
    None,

    /// <summary>To be driven by the next tick and a period after it, instead of waiting for its own slot.</summary>
    RunAhead,

    /// <summary>Back to its own slot.</summary>
    Settle,
}
