namespace VoiceGateway.Sip;

/// <summary>The crypto suites of SRTP that can be agreed on by SDP (RFC 4568 section 6.2, RFC 6188 section 4, RFC 7714 section 14.1).</summary>
public static class SdesSuites
{
    private static readonly Dictionary<string, int> MasterLengths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AEAD_AES_256_GCM"] = 32 + 12,
        ["AEAD_AES_128_GCM"] = 16 + 12,
        ["AES_256_CM_HMAC_SHA1_80"] = 32 + 14,
        ["AES_CM_128_HMAC_SHA1_80"] = 16 + 14,
        ["AES_256_CM_HMAC_SHA1_32"] = 32 + 14,
        ["AES_CM_128_HMAC_SHA1_32"] = 16 + 14,
    };

    // Written so before RFC 6188 was one, and by some until today.
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AES_CM_256_HMAC_SHA1_80"] = "AES_256_CM_HMAC_SHA1_80",
        ["AES_CM_256_HMAC_SHA1_32"] = "AES_256_CM_HMAC_SHA1_32",
    };

    /// <summary>All of them, the strongest first, those with a short tag last.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES_256_CM_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32", "AES_CM_128_HMAC_SHA1_32",
    ];

    /// <summary>The name in the registry of IANA; null: not one of them.</summary>
    public static string? NameOf(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return OtherNames.GetValueOrDefault(written) ?? All.FirstOrDefault(suite => suite.Equals(written, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Bytes of master key and master salt.</summary>
    internal static int MasterLength(string suite) => MasterLengths[suite];
}
