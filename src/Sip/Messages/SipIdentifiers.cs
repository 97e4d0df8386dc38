using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// New tags, branches and Call-IDs. They are cryptographically random, because who can guess them can end a call
/// (RFC 3261 section 19.3 asks for 32 bits at least).
/// </summary>
public static class SipIdentifiers
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>For From and To; 62 bits.</summary>
    public static string NewTag() => RandomNumberGenerator.GetString(Alphabet, 12);

    /// <summary>For a Via, with the magic cookie; 82 bits.</summary>
    public static string NewBranch() => SipVia.MagicCookie + RandomNumberGenerator.GetString(Alphabet, 16);

    /// <summary>Without a host part, which would show an inside address; 124 bits.</summary>
    public static string NewCallId() => RandomNumberGenerator.GetString(Alphabet, 24);
}
