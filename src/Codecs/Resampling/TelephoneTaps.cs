namespace VoiceGateway.Codecs;

/// <summary>
/// The four filters of a call. Equiripple, with the taps rounded to integers such that the largest error grows the least: a third fewer taps
/// than a windowed sinc of the same rejection. The tables are what <c>dotnet run -c Release --project bench/Codecs.Benchmarks -- design</c> prints.
/// </summary>
/// <remarks>
/// The pass band reaches to 600 Hz below the lower of the two Nyquist frequencies, the stop band begins as far above it. From 8 to 16 kHz the
/// filter is a half-band one: every other tap is zero but for the middle, so that each second output is a sample of the input.
/// </remarks>
internal static class TelephoneTaps
{
    /// <summary>One is 2 to the power of this.</summary>
    public const int Scale = 18;

    /// <summary>The scales, as powers of two, in which taps are summed up: the finest first.</summary>
    public static ReadOnlySpan<int> Scales => [18, 16, 15, 14];

    public const int MostDecimation = 3;

    /// <summary>Of all <see cref="TelephoneFilter.StreamsLength"/>.</summary>
    public const int MostStreamsLength = 768;

    // From the middle out, without it: ripple 0.0005 dB, rejection 84.0 dB.
    private static ReadOnlySpan<int> HalfBandTaps =>
    [
        166368, -54096, 30872, -20448, 14364, -10328, 7464, -5358, 3788, -2620, 1760, -1140, 703,
        -410, 217, -106, 42,
    ];

    // From the middle out: ripple 0.023 dB, rejection 82.9 dB.
    private static ReadOnlySpan<int> Taps24To8 =>
    [
        85184, 71016, 36928, 2168, -16408, -14780, -2073, 8312, 8900, 1934, -4916, -5980, -1725,
        3053, 4188, 1514, -1867, -2920, -1254, 1120, 2030, 1031, -598, -1338, -779, 299,
        871, 593, -82, -497, -390, 3, 284, 267, 57, -133, -183, -122, -43,
    ];

    // From the middle out: ripple 0.021 dB, rejection 82.9 dB.
    private static ReadOnlySpan<int> Taps24To16 =>
    [
        172576, 143360, 73216, 2190, -34744, -29616, -2160, 19056, 18544, 2116, -12676, -13384, -2062,
        9172, 10344, 2005, -6916, -8280, -1910, 5360, 6792, 1822, -4200, -5636, -1717, 3320,
        4720, 1621, -2608, -3952, -1502, 2048, 3312, 1387, -1587, -2756, -1248, 1243, 2318,
        1158, -914, -1888, -1009, 696, 1568, 914, -480, -1252, -779, 346, 1020, 691,
        -206, -784, -567, 138, 631, 498, -44, -455, -388, 20, 354, 332, 28,
        -242, -253, -40, 169, 184, 13, -193, -276, -204, -65, 39, 66, 38,
    ];

    public static TelephoneFilter From8To16kHz { get; } = HalfBandUp(HalfBandTaps);

    public static TelephoneFilter From16To8kHz { get; } = new(16000, 1, 2, TelephoneFilter.WholeHalfBand(HalfBandTaps), halvings: 1);

    public static TelephoneFilter From24To8kHz { get; } = ByThree(1, Taps24To8);

    public static TelephoneFilter From24To16kHz { get; } = ByThree(2, Taps24To16);

    internal static TelephoneFilter HalfBandUp(ReadOnlySpan<int> oddTaps, Dictionary<int, int>? steps = null) =>
        new(8000, 2, 1, TelephoneFilter.WholeHalfBand(oddTaps), steps: steps);

    internal static TelephoneFilter ByThree(int interpolation, ReadOnlySpan<int> taps, Dictionary<int, int>? steps = null) =>
        new(24000, interpolation, 3, TelephoneFilter.Whole(taps), steps: steps);
}
