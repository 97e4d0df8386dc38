using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>The arithmetic of RFC 7616 section 3.4: names of the algorithms, H, A1, A2 and the response.</summary>
internal static class DigestHash
{
    public static string Name(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha256 ? "SHA-256" : "MD5";

    /// <summary>Without the parameter it is MD5 (section 3.3).</summary>
    public static DigestAlgorithm? Find(string? name) => name switch
    {
        null => DigestAlgorithm.Md5,
        _ when name.Equals("MD5", StringComparison.OrdinalIgnoreCase) => DigestAlgorithm.Md5,
        _ when name.Equals("SHA-256", StringComparison.OrdinalIgnoreCase) => DigestAlgorithm.Sha256,
        _ => null,
    };

    /// <summary>KD(H(A1), ...) in lower-case hex; with <paramref name="use"/> null as RFC 2069 had it.</summary>
    public static string Response(DigestAlgorithm algorithm, SipCredentials who, string realm, string nonce, DigestUse? use, string method, string uri, ReadOnlySpan<byte> body)
    {
        var a1 = Hex(algorithm, $"{who.User}:{realm}:{who.Password}");
        var a2 = Hex(algorithm, use is { Qop: DigestUse.AuthInt } ? $"{method}:{uri}:{Hex(algorithm, body)}" : $"{method}:{uri}");
        return Hex(algorithm, use is { } u ? $"{a1}:{nonce}:{u.NonceCount}:{u.ClientNonce}:{u.Qop}:{a2}" : $"{a1}:{nonce}:{a2}");
    }

    private static string Hex(DigestAlgorithm algorithm, string text) => Hex(algorithm, Encoding.UTF8.GetBytes(text));

    private static string Hex(DigestAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int length = algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(data, hash) : MD5.HashData(data, hash);
        return Convert.ToHexStringLower(hash[..length]);
    }
}
