using System.Security.Cryptography;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// New tags, branches and Call-IDs. They are cryptographically random, because who can guess them can end a call
/// (RFC 3261 section 19.3 asks for 32 bits at least).
/// </summary>
public static class SipIdentifiers
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly byte[] TagKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>For From and To; 62 bits.</summary>
    public static string NewTag() => RandomNumberGenerator.GetString(Alphabet, 12);

    /// <summary>For a Via, with the magic cookie; 82 bits.</summary>
    public static string NewBranch() => SipVia.MagicCookie + RandomNumberGenerator.GetString(Alphabet, 16);

    /// <summary>
    /// The To tag of an answer for which no state is kept: the same for every retransmission of a request (RFC 3261 section 8.2.7),
    /// and not to be guessed.
    /// </summary>
    public static string StatelessTag(SipHeaders request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var identity = $"{request.Get(SipHeaderNames.Via)}\n{request.Get(SipHeaderNames.CallId)}\n{request.Get(SipHeaderNames.CSeq)}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(TagKey, Encoding.UTF8.GetBytes(identity)).AsSpan(0, 8));
    }

    /// <summary>Without a host part, which would show an inside address; 124 bits.</summary>
    public static string NewCallId() => RandomNumberGenerator.GetString(Alphabet, 24);
}
