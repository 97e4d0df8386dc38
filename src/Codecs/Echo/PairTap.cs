namespace VoiceGateway.Codecs;

/// <summary>Two neighbouring taps of a filter, for two neighbouring samples: what one lane of <see cref="PairCorrelation"/> multiplies at once.</summary>
/// <param name="Offset">Of the first sample, from the output's place on.</param>
/// <param name="Taps">The first tap in the lower half, the second in the upper.</param>
internal readonly record struct PairTap(int Offset, int Taps)
{
    public static PairTap Of(int offset, int first, int second) => new(offset, PairStep.Pair(first, second));
}
