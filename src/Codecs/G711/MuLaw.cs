using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>µ-law: ITU-T G.711, table 2a/2b. The encoder sees the upper 14 bits of the sample.</summary>
internal readonly struct MuLaw : ICompandingLaw
{
    // Segment 0 starts at 33 (bias) = 1.00001b * 2^5.
    private const int Bias = 33;
    private const int LargestMagnitude = 0x1FFF;
    private const int FirstExponent = 127 + 5;

    // The middle of a quantising step: one bit below the 4-bit mantissa.
    private const int HalfStep = 1 << 18;

    // All bits are inverted on the wire (G.711, table 2, note 2), so that silence is rich in ones.
    private const int Inversion = 0xFF;

    public static byte Compress(short sample)
    {
        // One's complement magnitude: -1 falls into the same step as 0, as G.711's decision values ask.
        var sign = sample >> 15;
        var magnitude = Math.Min(((sample ^ sign) >> 2) + Bias, LargestMagnitude);
        var code = (BitConverter.SingleToInt32Bits(magnitude) >> 19) - (FirstExponent << 4);
        return (byte)((code | (sign & 0x80)) ^ Inversion);
    }

    public static short Expand(byte code)
    {
        var inverted = code ^ Inversion;
        var magnitude = (int)BitConverter.Int32BitsToSingle(((inverted & 0x7F) << 19) + (FirstExponent << 23) + HalfStep) - Bias;
        var sign = -(inverted >> 7);
        return (short)(((magnitude << 2) ^ sign) - sign);
    }

    public static Vector<int> Compress(Vector<int> samples)
    {
        var sign = samples >> 31;
        var magnitude = Vector.Min(((samples ^ sign) >> 2) + new Vector<int>(Bias), new Vector<int>(LargestMagnitude));
        var code = (Vector.AsVectorInt32(Vector.ConvertToSingle(magnitude)) >> 19) - new Vector<int>(FirstExponent << 4);
        return (code | (sign & new Vector<int>(0x80))) ^ new Vector<int>(Inversion);
    }

    public static Vector<int> Expand(Vector<int> codes)
    {
        var inverted = codes ^ new Vector<int>(Inversion);
        var bits = ((inverted & new Vector<int>(0x7F)) << 19) + new Vector<int>((FirstExponent << 23) + HalfStep);
        var magnitude = Vector.ConvertToInt32Native(Vector.AsVectorSingle(bits)) - new Vector<int>(Bias);
        var sign = -(inverted >> 7);
        return ((magnitude << 2) ^ sign) - sign;
    }
}
