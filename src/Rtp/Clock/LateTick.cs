namespace VoiceGateway.Rtp;

/// <summary>A tick that came too late.</summary>
/// <param name="Clock">Name of the thread.</param>
/// <param name="Lateness">Behind its deadline.</param>
/// <param name="Cause">What held it up.</param>
/// <param name="LateTicks">Of this clock since the last one that was told, this one included.</param>
/// <param name="Leg">Whose callback took the longest before it.</param>
/// <param name="LegTook">How long that was.</param>
public sealed record LateTick(string Clock, TimeSpan Lateness, LateTickCause Cause, long LateTicks, IClocked? Leg, TimeSpan LegTook);
