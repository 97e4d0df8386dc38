namespace VoiceGateway.Turns;

/// <param name="Cause">What stopped the conversation first; what else was found before it went on belongs to the same stall.</param>
/// <param name="Detected">Stalls that were acted upon.</param>
/// <param name="Recovered">Of these, how many ended with the model's voice.</param>
/// <param name="RecoveryTime">From the first action to the model's voice, summed over the recovered ones.</param>
/// <param name="LongestRecovery">The longest of them.</param>
public readonly record struct StallCount(StallCause Cause, int Detected, int Recovered, TimeSpan RecoveryTime, TimeSpan LongestRecovery)
{
    public int NotRecovered => Detected - Recovered;
}
