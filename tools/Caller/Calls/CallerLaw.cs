namespace VoiceGateway.Caller;

/// <summary>Which G.711 the caller offers.</summary>
public enum CallerLaw
{
    /// <summary>Both, µ-law first; the answer decides.</summary>
    Any,
    MuLaw,
    ALaw,
}
