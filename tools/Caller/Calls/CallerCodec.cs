namespace VoiceGateway.Caller;

/// <summary>What the caller offers to speak.</summary>
public enum CallerCodec
{
    /// <summary>Both laws of G.711, µ-law first; the answer decides.</summary>
    Any,
    Pcmu,
    Pcma,

    /// <summary>Wideband: what a clip has above 4 kHz is heard.</summary>
    G722,
}
