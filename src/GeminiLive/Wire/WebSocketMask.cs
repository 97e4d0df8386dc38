using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceGateway.GeminiLive;

/// <summary>Masking and unmasking, which are the same (RFC 6455 section 5.3): byte i is combined with byte i mod 4 of the key.</summary>
internal static class WebSocketMask
{
    /// <param name="payload">From its beginning.</param>
    /// <param name="key">The four bytes as they lie in memory.</param>
    public static void Apply(Span<byte> payload, uint key)
    {
        // Whole blocks leave the key where it was, for each is a multiple of four.
        Span<Vector<uint>> blocks = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
        foreach (ref Vector<uint> block in blocks) block ^= new Vector<uint>(key);
        payload = payload[(blocks.Length * Vector<byte>.Count)..];

        Span<uint> words = MemoryMarshal.Cast<byte, uint>(payload);
        foreach (ref uint word in words) word ^= key;

        ReadOnlySpan<byte> keyBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        for (int i = words.Length * sizeof(uint); i < payload.Length; i++) payload[i] ^= keyBytes[i % sizeof(uint)];
    }
}
