namespace VoiceGateway.Codecs;

/// <summary>What <see cref="LevelControl"/> does to a voice. The defaults do nothing, bit by bit.</summary>
public sealed record LevelOptions
{
    public const double LargestGainDb = 30;

    /// <summary>Louder or, below 0, quieter by this much. What becomes too loud by it is limited, not clipped.</summary>
    public double GainDb { get; init; }

    /// <summary>Brings speech slowly to <see cref="TargetDbov"/>, by at most 12 dB up or down.</summary>
    public bool AutomaticGain { get; init; }

    /// <summary>Level of speech that automatic gain seeks. -26 dBov is what telephone networks are planned for (ITU-T P.56, G.101).</summary>
    public double TargetDbov { get; init; } = -26;

    /// <summary>Takes mains hum out: 30 dB off 60 Hz and more off 50 Hz, less than 0.5 dB from 200 Hz on.</summary>
    public bool HighPass { get; init; }

    /// <summary>Nothing is asked for.</summary>
    public bool IsNeutral => GainDb == 0 && !AutomaticGain && !HighPass;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the exception names it.</exception>
    public void Validate()
    {
        InRange(GainDb, -LargestGainDb, LargestGainDb, nameof(GainDb));
        InRange(TargetDbov, -40, -12, nameof(TargetDbov));
    }

    private static void InRange(double value, double least, double most, string name)
    {
        // Written so that NaN fails too.
        if (!(value >= least && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be between {least} and {most}.");
    }
}
