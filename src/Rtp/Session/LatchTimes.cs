namespace VoiceGateway.Rtp;

/// <summary>The patience of <see cref="RemoteLatch"/>, in the ticks of its clock.</summary>
/// <param name="Relatch">Silence after which another port of the same host may go on; <see cref="long.MaxValue"/>: never.</param>
/// <param name="Grace">How long the source before a new SDP is still heard.</param>
/// <param name="Trial">How long after latching a better known source wins at once.</param>
/// <param name="Silence">Without this much of it nobody takes a place that is in use: longer than any packet.</param>
internal readonly record struct LatchTimes(long Relatch, long Grace, long Trial, long Silence);
