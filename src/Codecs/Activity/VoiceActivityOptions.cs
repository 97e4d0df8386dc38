namespace VoiceGateway.Codecs;

/// <summary>How sensitive and how patient a <see cref="VoiceActivityDetector"/> is. Levels are of the speech band, 10 ms at a time.</summary>
public sealed record VoiceActivityOptions
{
    /// <summary>Speech starts this far above the noise floor.</summary>
    public float OnsetThresholdDb { get; init; } = 9;

    /// <summary>Once started, speech lasts while the level is this far above the noise floor. Lower than the onset's, so that word endings count.</summary>
    public float ReleaseThresholdDb { get; init; } = 5;

    /// <summary>Nothing quieter starts speech, however quiet the line is.</summary>
    public float MinimumLevelDbov { get; init; } = -52;

    /// <summary>The sound must last this long before it counts as speech. 30 ms or more keeps clicks out.</summary>
    public int OnsetMs { get; init; } = 40;

    /// <summary>Speech ends after this much time below the release threshold: longer than the pauses inside words.</summary>
    public int HangoverMs { get; init; } = 400;

    /// <summary>
    /// A sound that stays steady for this long becomes the noise floor. It must exceed the time that speech goes on
    /// without a dip (a closure, a breath), or speech would become its own floor.
    /// </summary>
    public int NoiseWindowMs { get; init; } = 1600;

    /// <summary>
    /// How periodic (0 to 1) a sound must be to start speech: vowels reach 0.6 to 1, noise 0.2 to 0.4.
    /// This is what tells speech from noise before the noise floor is known. 0 takes any sound for speech.
    /// </summary>
    public float MinimumPeriodicity { get; init; } = 0.45f;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the exception names it.</exception>
    internal void Validate()
    {
        InRange(OnsetThresholdDb, 1, 60, nameof(OnsetThresholdDb));
        InRange(ReleaseThresholdDb, 0, OnsetThresholdDb, nameof(ReleaseThresholdDb));
        InRange(MinimumLevelDbov, -90, 0, nameof(MinimumLevelDbov));
        InRange(OnsetMs, 10, 1000, nameof(OnsetMs));
        InRange(HangoverMs, 10, 10_000, nameof(HangoverMs));
        InRange(NoiseWindowMs, 200, 30_000, nameof(NoiseWindowMs));
        InRange(MinimumPeriodicity, 0, 1, nameof(MinimumPeriodicity));
    }

    private static void InRange(float value, float least, float most, string name)
    {
        // Written so that NaN fails too.
        if (!(value >= least && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {least} and {most}.");
    }
}
