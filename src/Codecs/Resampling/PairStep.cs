namespace VoiceGateway.Codecs;

/// <summary>What <see cref="PairFir"/> does with two neighbouring samples: pairs of taps, the first in the lower half.</summary>
/// <param name="Offset">Of the first sample, from the even output's place on.</param>
/// <param name="Even">The taps that they have for the even output.</param>
/// <param name="Odd">For the odd one, a sample further on.</param>
internal readonly record struct PairStep(int Offset, int Even, int Odd)
{
    public static int Pair(int first, int second) => (ushort)(short)first | (second << 16);
}
