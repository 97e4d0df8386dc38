using System.Numerics;

namespace VoiceGateway.Codecs;

/// <summary>
/// One of G.711's two laws as pure arithmetic, on one sample and on a vector of them; both must agree on every input.
/// </summary>
/// <remarks>
/// Both laws are floating point with a 3-bit exponent (the "segment") and a 4-bit mantissa, and so is an IEEE float with
/// more of both: the upper bits of a small integer converted to float already ARE segment and step, up to an offset.
/// An integer below 2^24 converts exactly, so this holds bit for bit. It needs no table, no leading-zero count and
/// no variable shift, which is why it runs on any vector width.
/// </remarks>
internal interface ICompandingLaw
{
    static abstract byte Compress(short sample);

    static abstract short Expand(byte code);

    /// <summary>Codes: 0 to 255.</summary>
    static abstract Vector<ushort> Compress(Vector<short> samples);

    /// <param name="codes">0 to 255.</param>
    static abstract Vector<short> Expand(Vector<ushort> codes);
}
