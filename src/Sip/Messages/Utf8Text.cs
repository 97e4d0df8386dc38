using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace VoiceGateway.Sip;

/// <summary>
/// Text of bytes that may be no UTF-8: what is none becomes U+FFFD. Encoding.UTF8 does the same, but allocates for every byte of it, which
/// would let a peer make us allocate thirty times what it sends.
/// </summary>
internal static class Utf8Text
{
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var chars = ArrayPool<char>.Shared.Rent(bytes.Length);
        var text = new string(chars.AsSpan(0, GetChars(bytes, chars)));
        ArrayPool<char>.Shared.Return(chars);
        return text;
    }

    /// <param name="bytes">All of them are read.</param>
    /// <param name="chars">No shorter than the bytes: no byte makes more than one character.</param>
    /// <returns>The characters written.</returns>
    public static int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        Utf8.ToUtf16(bytes, chars, out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        return written;
    }
}
