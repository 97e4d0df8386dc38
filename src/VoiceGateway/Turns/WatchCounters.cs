namespace VoiceGateway.Turns;

/// <summary>What the watch of one call has found and asked for, up to now.</summary>
/// <param name="Stalls">One entry for every cause that occurred.</param>
/// <param name="Nudges">Texts to a stalled model.</param>
/// <param name="Reconnects">Asked for by the watch; others have other reasons.</param>
/// <param name="FallBacks">Likewise.</param>
/// <param name="IdlePrompts">How often a silent caller was asked.</param>
/// <param name="Fillers">How often a filler was started.</param>
public sealed record WatchCounters(IReadOnlyList<StallCount> Stalls, int Nudges, int Reconnects, int FallBacks, int IdlePrompts, int Fillers)
{
    public int StallsOf(StallCause cause) => Stalls.FirstOrDefault(s => s.Cause == cause).Detected;

    public int RecoveriesOf(StallCause cause) => Stalls.FirstOrDefault(s => s.Cause == cause).Recovered;
}
