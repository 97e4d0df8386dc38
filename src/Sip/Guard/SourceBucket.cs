namespace VoiceGateway.Sip;

/// <summary>What a source's message is charged to. Each has its own allowance, so that no flood of one kind uses up another's.</summary>
internal enum SourceBucket
{
    UnknownMessages,
    KnownMessages,
    Invites,

    /// <summary>What names a tag of ours.</summary>
    Running,

    /// <summary>What names a branch that is being served.</summary>
    Repeats,

    /// <summary>Of offences; kept in a table of its own.</summary>
    Reports,
}
