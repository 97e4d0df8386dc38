namespace VoiceGateway.Rtp;

internal enum SrtpVerdict
{
    /// <summary>Proven to be the peer's, and decrypted.</summary>
    Opened,

    /// <summary>Too short, or a length in it leads outside.</summary>
    Malformed,

    /// <summary>Under another key, changed on its way, or of somebody who has none.</summary>
    Unauthentic,

    /// <summary>Has been here before, or is older than the window of those that are remembered (RFC 3711 3.3.2).</summary>
    Replayed,
}
