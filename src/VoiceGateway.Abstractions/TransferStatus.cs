namespace VoiceGateway.Abstractions;

/// <summary>How an attempt to transfer ended.</summary>
public enum TransferStatus
{
    Connected,
    Busy,
    NoAnswer,

    /// <summary>The other side declined.</summary>
    Declined,

    /// <summary>The target is malformed, unknown or not allowed for this agent.</summary>
    UnknownTarget,

    /// <summary>The caller's side does not do transfers.</summary>
    NotSupported,

    /// <summary>The caller hung up meanwhile.</summary>
    CallerGone,

    Failed,
}
