using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.GeminiLive;

/// <summary>Masking and unmasking, which are the same (RFC 6455 section 5.3): byte i is combined with byte i mod 4 of the key.</summary>
internal static class WebSocketMask
{
    /// <param name="payload">From its beginning.</param>
    /// <param name="key">The four bytes as they lie in memory.</param>
    public static void Apply(Span<byte> payload, uint key)
    {
        // Whole blocks leave the key where it was, for each is a multiple of four.
        if (Vector512.IsHardwareAccelerated)
        {
            Span<Vector512<uint>> blocks = MemoryMarshal.Cast<byte, Vector512<uint>>(payload);
            foreach (ref Vector512<uint> block in blocks) block ^= Vector512.Create(key);
            payload = payload[(blocks.Length * Vector512<byte>.Count)..];
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Span<Vector256<uint>> blocks = MemoryMarshal.Cast<byte, Vector256<uint>>(payload);
            foreach (ref Vector256<uint> block in blocks) block ^= Vector256.Create(key);
            payload = payload[(blocks.Length * Vector256<byte>.Count)..];
        }

        if (Vector128.IsHardwareAccelerated)
        {
            Span<Vector128<uint>> blocks = MemoryMarshal.Cast<byte, Vector128<uint>>(payload);
            foreach (ref Vector128<uint> block in blocks) block ^= Vector128.Create(key);
            payload = payload[(blocks.Length * Vector128<byte>.Count)..];
        }

        Span<uint> words = MemoryMarshal.Cast<byte, uint>(payload);
        foreach (ref uint word in words) word ^= key;

        ReadOnlySpan<byte> keyBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        for (int i = words.Length * sizeof(uint); i < payload.Length; i++) payload[i] ^= keyBytes[i % sizeof(uint)];
    }
}
