namespace VoiceGateway.Soak;

/// <summary>A stretch of the caller's audio that no connection received.</summary>
/// <param name="Call">Whose.</param>
/// <param name="FromMs">Since the call's first frame.</param>
/// <param name="LengthMs">All of it.</param>
/// <param name="VoicedMs">The part in which the caller spoke.</param>
/// <param name="Cause">What was between the connections on its two sides: <c>rotation (…)</c>, <c>fault (…)</c>, or <c>within a connection</c>.</param>
internal sealed record Hole(int Call, double FromMs, double LengthMs, double VoicedMs, string Cause)
{
    public bool AtRotation => Cause.StartsWith("rotation", StringComparison.Ordinal);

    /// <summary>A syllable, at least; less is at the edge of what a frame's likeness can tell.</summary>
    public bool IsWord => VoicedMs >= 40;
}
