namespace VoiceGateway.Calls;

/// <summary>Whose REFER, and whose INVITE with Replaces, moves a call to somebody else.</summary>
public enum AcceptRefer
{
    /// <summary>Nobody's: REFER is answered 405.</summary>
    Off,

    /// <summary>Of a trunk that is configured, or of this machine.</summary>
    KnownPeers,

    Everybody,
}
