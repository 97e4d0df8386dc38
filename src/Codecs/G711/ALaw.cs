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
            : (BitConverter.SingleToInt32Bits(magnitude) >> 19) - (ExponentOffset << 4);
        return (byte)((code | (sign & 0x80)) ^ Inversion);
    }

    public static short Expand(byte code)
    {
        var inverted = code ^ Inversion;
        var step = inverted & 0x7F;
        // In halves of the finest step, so that the middle of every step is an integer.
        var magnitude = step < SmallestNormal
            ? (step << 1) + 1
            : (int)BitConverter.Int32BitsToSingle((step << 19) + ((ExponentOffset + 1) << 23) + (1 << 18));
        var sign = -(inverted >> 7);
        return (short)(((magnitude << 3) ^ sign) - sign);
    }

    public static Vector<int> Compress(Vector<int> samples)
    {
        var sign = samples >> 31;
        var magnitude = (samples ^ sign) >> 4;
        var normal = (Vector.AsVectorInt32(Vector.ConvertToSingle(magnitude)) >> 19) - new Vector<int>(ExponentOffset << 4);
        var code = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<int>(SmallestNormal)), magnitude, normal);
        return (code | (sign & new Vector<int>(0x80))) ^ new Vector<int>(Inversion);
    }

    public static Vector<int> Expand(Vector<int> codes)
    {
        var inverted = codes ^ new Vector<int>(Inversion);
        var step = inverted & new Vector<int>(0x7F);
        var bits = (step << 19) + new Vector<int>(((ExponentOffset + 1) << 23) + (1 << 18));
        var normal = Vector.ConvertToInt32Native(Vector.AsVectorSingle(bits));
        var linear = (step << 1) + Vector<int>.One;
        var magnitude = Vector.ConditionalSelect(Vector.LessThan(step, new Vector<int>(SmallestNormal)), linear, normal);
        var sign = -(inverted >> 7);
        return ((magnitude << 3) ^ sign) - sign;
    }
}
