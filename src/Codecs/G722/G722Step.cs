namespace VoiceGateway.Codecs;

/// <summary>
/// The step size of one band's quantiser, kept as its logarithm (ITU-T G.722, section 3.5; LOGSCL, SCALEL, LOGSCH, SCALEH of section 6.2):
/// a table holds what SCALE gives, so that a step costs one look-up.
/// </summary>
internal static class G722Step
{
    public const int LargestLogLow = 18432;

    public const int LargestLogHigh = 22528;

    // ILB, table 19: 2048 times the powers of two from 0 to 31/32.
    private static ReadOnlySpan<short> AntiLog =>
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];

    /// <summary>By the logarithm's upper bits, <c>log >> 6</c>.</summary>
    public static ushort[] Low { get; } = Table(LargestLogLow, shift: 8);

    /// <inheritdoc cref="Low"/>
    public static ushort[] High { get; } = Table(LargestLogHigh, shift: 10);

    private static ushort[] Table(int largestLog, int shift)
    {
        var table = new ushort[(largestLog >> 6) + 1];
        for (var i = 0; i < table.Length; i++)
        {
            var down = shift - (i >> 5);
            var value = AntiLog[i & 31];
            table[i] = (ushort)((down < 0 ? value << -down : value >> down) << 2);
        }
        return table;
    }
}
