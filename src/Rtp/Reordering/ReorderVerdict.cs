namespace VoiceGateway.Rtp;

internal enum ReorderVerdict
{
    /// <summary>Delivered at once.</summary>
    Delivered,

    /// <summary>Delivered at once, and it filled a gap that later packets waited behind.</summary>
    FilledGap,

    /// <summary>Waits behind a gap.</summary>
    Held,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>Its place in the sequence has been given up.</summary>
    Late,
}
