using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>µ-law: ITU-T G.711, table 2a/2b. The encoder sees the upper 14 bits of the sample.</summary>
internal readonly struct MuLaw : ICompandingLaw
{
    // Segment 0 starts at 33 (bias) = 1.00001b * 2^5.
    private const int Bias = 33;
    private const int LargestMagnitude = 0x1FFF;
    private const int FirstExponent = 127 + 5;

    // All bits are inverted on the wire (G.711, table 2, note 2), so that silence is rich in ones.
    private const int Inversion = 0xFF;

    public static byte Compress(short sample)
    {
        // One's complement magnitude: -1 falls into the same step as 0, as G.711's decision values ask.
        var sign = sample >> 15;
        var magnitude = Math.Min(((sample ^ sign) >> 2) + Bias, LargestMagnitude);
        var code = FloatingPoint.Upper(magnitude) - (FirstExponent << 4);
        return (byte)((code | (sign & 0x80)) ^ Inversion);
    }

    public static short Expand(byte code)
    {
        var inverted = code ^ Inversion;
        var magnitude = FloatingPoint.Middle((inverted & 0x7F) + (FirstExponent << 4)) - Bias;
        var sign = -(inverted >> 7);
        return (short)(((magnitude << 2) ^ sign) - sign);
    }

    public static Vector<ushort> Compress(Vector<short> samples)
    {
        var sign = samples >> 15;
        var magnitude = Vector.Min(((samples ^ sign) >> 2) + new Vector<short>(Bias), new Vector<short>(LargestMagnitude));
        var code = FloatingPoint.Upper(Vector.AsVectorUInt16(magnitude)) - new Vector<ushort>(FirstExponent << 4);
        return (code | (Vector.AsVectorUInt16(sign) & new Vector<ushort>(0x80))) ^ new Vector<ushort>(Inversion);
    }

    public static Vector<short> Expand(Vector<ushort> codes)
    {
        var inverted = codes ^ new Vector<ushort>(Inversion);
        var magnitude = FloatingPoint.Middle((inverted & new Vector<ushort>(0x7F)) + new Vector<ushort>(FirstExponent << 4)) - new Vector<short>(Bias);
        var sign = -Vector.AsVectorInt16(inverted >> 7);
        return ((magnitude << 2) ^ sign) - sign;
    }
}
