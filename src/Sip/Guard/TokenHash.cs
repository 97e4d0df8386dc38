using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>A keyed 64-bit hash of a token, the same for its bytes and its characters. Quick rather than strong: whoever forges one gains nothing but to be read.</summary>
internal static class TokenHash
{
    private const ulong Prime = 0x0000_0100_0000_01B3;
    private static readonly ulong Key = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    public static ulong Of(ReadOnlySpan<byte> token)
    {
        ulong hash = Key;
        foreach (byte b in token)
            hash = (hash ^ b) * Prime;
        return Mix(hash);
    }

    public static ulong Of(ReadOnlySpan<char> token)
    {
        ulong hash = Key;
        foreach (char c in token)
            hash = (hash ^ (byte)c) * Prime;
        return Mix(hash);
    }

    private static ulong Mix(ulong hash)
    {
        hash ^= Key >> 7;
        hash = (hash ^ (hash >> 32)) * 0xD6E8_FEB8_6659_FD93;
        return hash ^ (hash >> 32);
    }
}
