namespace VoiceGateway.Sip;

/// <summary>What a datagram is at first sight.</summary>
internal enum DatagramKind
{
    /// <summary>Worth parsing.</summary>
    Message,

    /// <summary>Line ends and zeros only.</summary>
    KeepAlive,

    Junk,
}
