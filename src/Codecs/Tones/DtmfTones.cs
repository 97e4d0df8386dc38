namespace VoiceGateway.Codecs;

/// <summary>The two frequencies of each key (ITU-T Q.23): one of the low group tells its row, one of the high group its column.</summary>
public static class DtmfTones
{
    /// <summary>Rows, from above.</summary>
    public static ReadOnlySpan<int> LowHz => [697, 770, 852, 941];

    /// <summary>Columns, from the left.</summary>
    public static ReadOnlySpan<int> HighHz => [1209, 1336, 1477, 1633];

    /// <summary>0 dBm0 in dBov: a full-scale sine, -3.01 dBov, has 3.17 dBm0 (ITU-T G.711, table 5).</summary>
    public const double Dbm0InDbov = -6.18;

    private const string Keys = "123A456B789C*0#D";

    /// <summary>False for everything but 0-9, *, #, and A-D in either case.</summary>
    public static bool TryGetFrequencies(char digit, out int lowHz, out int highHz)
    {
        var key = Keys.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);
        (lowHz, highHz) = key < 0 ? (0, 0) : (LowHz[key / 4], HighHz[key % 4]);
        return key >= 0;
    }

    internal static char Digit(int row, int column) => Keys[4 * row + column];
}
