namespace VoiceGateway.Rtp;

/// <summary>What RFC 3550 A.1 says about one sequence number.</summary>
internal enum SequenceVerdict
{
    /// <summary>In sequence, after a tolerable gap, or late within the tolerable misorder.</summary>
    Valid,

    /// <summary>The second packet of a run after a large jump: the sender has restarted.</summary>
    Restarted,

    /// <summary>A large jump seen once: dropped until the next packet confirms it.</summary>
    Rejected,
}
