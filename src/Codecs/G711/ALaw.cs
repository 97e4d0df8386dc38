using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>A-law: ITU-T G.711, table 1a/1b. The encoder sees the upper 13 bits of the sample.</summary>
internal readonly struct ALaw : ICompandingLaw
{
    // Segments 1 to 7 are floating point; segment 0 (magnitudes below 16) is linear, like a float's denormals.
    private const int SmallestNormal = 16;
    private const int ExponentOffset = 127 + 3;

    // Every other bit is inverted on the wire (G.711, table 1, note 2); positive values carry a one as sign.
    private const int Inversion = 0x55 ^ 0x80;

    public static byte Compress(short sample)
    {
        var sign = sample >> 15;
        var magnitude = (sample ^ sign) >> 4;
        var code = magnitude < SmallestNormal
            ? magnitude
            : FloatingPoint.Upper(magnitude) - (ExponentOffset << 4);
        return (byte)((code | (sign & 0x80)) ^ Inversion);
    }

    public static short Expand(byte code)
    {
        var inverted = code ^ Inversion;
        var step = inverted & 0x7F;
        // In halves of the finest step, so that the middle of every step is an integer.
        var magnitude = step < SmallestNormal
            ? (step << 1) + 1
            : FloatingPoint.Middle(step + ((ExponentOffset + 1) << 4));
        var sign = -(inverted >> 7);
        return (short)(((magnitude << 3) ^ sign) - sign);
    }

    public static Vector<ushort> Compress(Vector<short> samples)
    {
        var sign = samples >> 15;
        var magnitude = Vector.AsVectorUInt16((samples ^ sign) >> 4);
        var normal = FloatingPoint.Upper(magnitude) - new Vector<ushort>(ExponentOffset << 4);
        var code = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<ushort>(SmallestNormal)), magnitude, normal);
        return (code | (Vector.AsVectorUInt16(sign) & new Vector<ushort>(0x80))) ^ new Vector<ushort>(Inversion);
    }

    public static Vector<short> Expand(Vector<ushort> codes)
    {
        var inverted = codes ^ new Vector<ushort>(Inversion);
        var step = inverted & new Vector<ushort>(0x7F);
        var normal = FloatingPoint.Middle(step + new Vector<ushort>((ExponentOffset + 1) << 4));
        var linear = Vector.AsVectorInt16((step << 1) + Vector<ushort>.One);
        var magnitude = Vector.ConditionalSelect(Vector.AsVectorInt16(Vector.LessThan(step, new Vector<ushort>(SmallestNormal))), linear, normal);
        var sign = -Vector.AsVectorInt16(inverted >> 7);
        return ((magnitude << 3) ^ sign) - sign;
    }
}
