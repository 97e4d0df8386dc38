namespace VoiceGateway.Sip;

/// <summary>
/// Hashes for digest authentication (RFC 8760), the weaker first. SHA-512-256 is not in the base class library, and the -sess variants
/// bring nothing where the password is at hand: both are left out.
/// </summary>
public enum DigestAlgorithm
{
    Md5,
    Sha256,
}
