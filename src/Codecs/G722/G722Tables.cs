namespace VoiceGateway.Codecs;

/// <summary>What the codes of both bands mean (ITU-T G.722, section 6.2, tables 14 to 22), laid so that one index finds everything.</summary>
internal static class G722Tables
{
    private const int Levels = 30;

    // WL and WH: by how much a code changes the logarithm of the step. WL by RL42 of the code without its two lowest bits.
    private static ReadOnlySpan<short> LogStepBySize => [-60, -30, 58, 172, 334, 538, 1198, 3042];

    private static ReadOnlySpan<byte> SizeOfCode4 => [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];

    // QM4: a low band code without its two lowest bits, in steps of 1/32768.
    private static ReadOnlySpan<short> Difference4 =>
    [
        0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
    ];

    /// <summary>QM6: the whole low band code, which the decoder plays.</summary>
    public static short[] Difference6 { get; } =
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    /// <summary>By the low band's code of six bits: what the predictor learns from (QM4).</summary>
    public static short[] LowDifference { get; } = ByLowCode(static code => Difference4[code >> 2]);

    /// <summary>By the low band's code: what the step's logarithm changes by.</summary>
    public static short[] LowLogStep { get; } = ByLowCode(static code => LogStepBySize[SizeOfCode4[code >> 2]]);

    /// <summary>By the high band's code of two bits (QM2).</summary>
    public static short[] HighDifference { get; } = [-7408, -1616, 7408, 1616];

    /// <summary>By the high band's code (WH of RH2).</summary>
    public static short[] HighLogStep { get; } = [798, -214, 798, -214];

    /// <summary>ILP and ILN: the code of a level from 1 to 30, with 32 added for negative differences.</summary>
    public static byte[] CodeOfLevel { get; } = LowCodes();

    /// <summary><see cref="LowDifference"/> by the level, for the encoder, which would have to look up the code first.</summary>
    public static short[] DifferenceOfLevel { get; } = [.. CodeOfLevel.Select(static code => LowDifference[code])];

    /// <summary><see cref="LowLogStep"/> by the level.</summary>
    public static short[] LogStepOfLevel { get; } = [.. CodeOfLevel.Select(static code => LowLogStep[code])];

    private static short[] ByLowCode(Func<int, short> value) => [.. Enumerable.Range(0, 64).Select(value)];

    // Downwards without a gap, but for the two smallest negative levels, which stand beyond the positive ones.
    private static byte[] LowCodes()
    {
        var codes = new byte[64];
        for (var level = 1; level <= Levels; level++)
        {
            codes[level] = (byte)(62 - level);
            codes[32 + level] = (byte)(level <= 2 ? 64 - level : 34 - level);
        }
        return codes;
    }
}
