using System.Buffers;
using System.Buffers.Text;

namespace VoiceGateway.GeminiLive;

/// <summary>Base64 as it comes: standard at full speed; URL-safe, unpadded or broken over lines after a cleaning (RFC 4648 4 and 5).</summary>
internal static class Base64Text
{
    /// <summary>Enough for what <see cref="TryDecode"/> writes.</summary>
    public static int MaxBytes(int textLength) => textLength / 4 * 3 + 3;

    /// <param name="text">Not JSON-escaped.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> long.</param>
    /// <param name="scratch">Used only when the text needs cleaning.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, PooledBuffer scratch, out int written)
    {
        if (Base64.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done) return true;

        scratch.EnsureCapacity(text.Length + 3);
        if (TryClean(text, scratch.Array, out int length)
            && Base64.DecodeFromUtf8(scratch.Array[..length], destination, out _, out written) == OperationStatus.Done)
        {
            return true;
        }

        written = 0;
        return false;
    }

    private static bool TryClean(ReadOnlySpan<byte> text, Span<byte> clean, out int length)
    {
        length = 0;
        bool padded = false;
        foreach (byte letter in text)
        {
            if (letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;
            if (letter == '=')
            {
                padded = true;
                continue;
            }

            if (padded) return false;
            clean[length++] = letter switch { (byte)'-' => (byte)'+', (byte)'_' => (byte)'/', _ => letter };
        }

        while (length % 4 != 0) clean[length++] = (byte)'=';
        return true;
    }
}
