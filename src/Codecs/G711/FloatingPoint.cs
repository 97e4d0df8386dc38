using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>
/// Integers as IEEE floats, of which only the upper bits count: the exponent, with its bias of 127, and four bits of mantissa. Only the
/// conversion takes lanes of 32 bits: all else is done to twice as many samples at a time.
/// </summary>
internal static class FloatingPoint
{
    private const int LowerBits = 19;

    public static int Upper(int magnitude) => BitConverter.SingleToInt32Bits(magnitude) >> LowerBits;

    public static Vector<ushort> Upper(Vector<ushort> magnitudes)
    {
        Vector.Widen(magnitudes, out var low, out var high);
        return Vector.Narrow(Upper(low), Upper(high));
    }

    /// <summary>The middle of all numbers that have these upper bits.</summary>
    public static int Middle(int upper) => (int)BitConverter.Int32BitsToSingle((upper << LowerBits) | (1 << (LowerBits - 1)));

    public static Vector<short> Middle(Vector<ushort> upper)
    {
        Vector.Widen(upper, out var low, out var high);
        return Vector.Narrow(Middle(low), Middle(high));
    }

    private static Vector<uint> Upper(Vector<uint> magnitudes) =>
        Vector.AsVectorUInt32(Vector.ConvertToSingle(Vector.AsVectorInt32(magnitudes))) >> LowerBits;

    private static Vector<int> Middle(Vector<uint> upper) =>
        Vector.ConvertToInt32Native(Vector.AsVectorSingle((upper << LowerBits) | new Vector<uint>(1 << (LowerBits - 1))));
}
