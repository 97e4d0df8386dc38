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

    public const int MostDecimation = 3;

    /// <summary>Of all <see cref="TelephoneFilter.StreamsLength"/>.</summary>
    public const int MostStreamsLength = 640;

    private static ReadOnlySpan<int> Scales => [18, 17, 16, 15, 14];

    // From the middle out, without it: ripple 0.0005 dB, rejection 84.3 dB.
    private static ReadOnlySpan<int> HalfBandTaps =>
    [
        166368, -54096, 30872, -20448, 14364, -10328, 7462, -5358, 3787, -2620, 1759, -1139, 702,
        -409, 218, -104, 42,
    ];

    // From the middle out: ripple 0.023 dB, rejection 82.1 dB.
    private static ReadOnlySpan<int> Taps24To8 =>
    [
        85192, 71024, 36928, 2168, -16412, -14780, -2069, 8316, 8904, 1931, -4922, -5990, -1733,
        3048, 4188, 1516, -1864, -2919, -1255, 1120, 2032, 1034, -595, -1338, -781, 295,
        868, 593, -81, -495, -390, 2, 283, 266, 58, -131, -181, -120, -42,
    ];

    // From the middle out: ripple 0.022 dB, rejection 82.7 dB.
    private static ReadOnlySpan<int> Taps24To16 =>
    [
        172576, 143360, 73208, 2189, -34744, -29616, -2160, 19060, 18548, 2120, -12670, -13376, -2054,
        9172, 10344, 2000, -6920, -8284, -1913, 5358, 6792, 1825, -4197, -5634, -1721, 3312,
        4716, 1624, -2597, -3934, -1487, 2060, 3319, 1393, -1582, -2752, -1249, 1237, 2311,
        1151, -914, -1888, -1009, 694, 1566, 913, -478, -1249, -778, 345, 1018, 691,
        -204, -783, -567, 135, 626, 495, -46, -455, -390, 19, 352, 332, 30,
        -243, -254, -44, 166, 183, 14, -193, -279, -212, -72, 30, 59, 37,
    ];

    public static TelephoneFilter From8To16kHz { get; } = HalfBandUp(HalfBandTaps, Scales);

    public static TelephoneFilter From16To8kHz { get; } = new(16000, 1, 2, TelephoneFilter.WholeHalfBand(HalfBandTaps), Scales, halvings: 1);

    public static TelephoneFilter From24To8kHz { get; } = ByThree(1, Taps24To8, Scales);

    public static TelephoneFilter From24To16kHz { get; } = ByThree(2, Taps24To16, Scales);

    internal static TelephoneFilter HalfBandUp(ReadOnlySpan<int> oddTaps, ReadOnlySpan<int> scales, Dictionary<int, int>? steps = null) =>
        new(8000, 2, 1, TelephoneFilter.WholeHalfBand(oddTaps), scales, steps: steps);

    internal static TelephoneFilter ByThree(int interpolation, ReadOnlySpan<int> taps, ReadOnlySpan<int> scales, Dictionary<int, int>? steps = null) =>
        new(24000, interpolation, 3, TelephoneFilter.Whole(taps), scales, steps: steps);
}
