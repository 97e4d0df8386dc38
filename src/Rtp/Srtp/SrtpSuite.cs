namespace VoiceGateway.Rtp;

/// <summary>A crypto suite of SRTP under its name in SDP (RFC 4568 6.2, RFC 6188 3 and 4, RFC 7714 12). Lengths in bytes.</summary>
/// <param name="Name">As in SDP.</param>
/// <param name="KeyLength">Of the master key, and of the session's encryption key.</param>
/// <param name="SaltLength">Of the master salt, and of the session's.</param>
/// <param name="TagLength">What proves an SRTP packet.</param>
/// <param name="RtcpTagLength">What proves an SRTCP packet: 80 bits also where SRTP has 32 (RFC 4568 6.2.2).</param>
/// <param name="IsAead">AES in Galois/counter mode, which encrypts and proves in one.</param>
public sealed record SrtpSuite(string Name, int KeyLength, int SaltLength, int TagLength, int RtcpTagLength, bool IsAead)
{
    public static SrtpSuite AesCm128Sha1Tag80 { get; } = new("AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10, false);

    public static SrtpSuite AesCm128Sha1Tag32 { get; } = new("AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10, false);

    public static SrtpSuite AesCm256Sha1Tag80 { get; } = new("AES_256_CM_HMAC_SHA1_80", 32, 14, 10, 10, false);

    public static SrtpSuite AesCm256Sha1Tag32 { get; } = new("AES_256_CM_HMAC_SHA1_32", 32, 14, 4, 10, false);

    public static SrtpSuite AesGcm128 { get; } = new("AEAD_AES_128_GCM", 16, 12, 16, 16, true);

    public static SrtpSuite AesGcm256 { get; } = new("AEAD_AES_256_GCM", 32, 12, 16, 16, true);

    public static IReadOnlyList<SrtpSuite> All { get; } = [AesGcm256, AesGcm128, AesCm256Sha1Tag80, AesCm128Sha1Tag80, AesCm256Sha1Tag32, AesCm128Sha1Tag32];

    /// <summary>Of master key and master salt together, as SDP carries them.</summary>
    public int MasterLength => KeyLength + SaltLength;

    public static SrtpSuite? Find(string name) => All.FirstOrDefault(suite => suite.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Name;
}
