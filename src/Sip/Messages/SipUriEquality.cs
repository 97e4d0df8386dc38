using System.Text;

namespace VoiceGateway.Sip;

/// <summary>RFC 3261 section 19.1.4 for sip and sips, RFC 3966 section 3 for tel.</summary>
internal static class SipUriEquality
{
    // Without these in both, two URIs are different even if the missing one would mean the default (section 19.1.4).
    private static readonly string[] SignificantParameters = ["user", "ttl", "method", "maddr", "transport"];

    public static bool AreEqual(SipUri left, SipUri right)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (left.Scheme != right.Scheme)
            return false;
        if (left.IsTel)
        {
            return Number(left) == Number(right) && left.Parameters.Count == right.Parameters.Count
                && CommonParametersMatch(left, right, out var common) && common == left.Parameters.Count;
        }

        if (!left.IsSip)
            return left.Opaque == right.Opaque;
        return SameUserInfo(left.EscapedUser, right.EscapedUser) && SameUserInfo(left.EscapedPassword, right.EscapedPassword)
            && SameHost(left, right) && left.Port == right.Port
            && CommonParametersMatch(left, right, out _)
            && SignificantParameters.All(name => left.Parameters.Contains(name) == right.Parameters.Contains(name))
            && HeadersMatch(left, right);
    }

    /// <summary>Of the parts that equal URIs cannot differ in.</summary>
    public static int GetHashCode(SipUri uri) =>
        uri.IsTel
            ? HashCode.Combine(uri.Scheme, Number(uri))
            : HashCode.Combine(
                uri.Scheme, uri.EscapedUser is { } user ? SipEscaping.Normalize(user) : null, uri.HostAddress?.ToString() ?? uri.Host.ToUpperInvariant(), uri.Port, uri.Opaque);

    private static bool SameUserInfo(string? left, string? right) =>
        left is null || right is null ? left == right : SipEscaping.Normalize(left) == SipEscaping.Normalize(right);

    private static bool SameHost(SipUri left, SipUri right) =>
        left.Host.Equals(right.Host, StringComparison.OrdinalIgnoreCase) || (left.HostAddress is { } address && address.Equals(right.HostAddress));

    private static bool CommonParametersMatch(SipUri left, SipUri right, out int common)
    {
        common = 0;
        foreach (var parameter in left.Parameters)
        {
            if (!right.Parameters.Contains(parameter.Name))
                continue;
            common++;
            if (!SameIgnoringCase(parameter.Value, right.Parameters.Get(parameter.Name)))
                return false;
        }

        return true;
    }

    // "Any present header component MUST be present in both URIs and match": order does not count, the number does.
    private static bool HeadersMatch(SipUri left, SipUri right)
    {
        if (left.Headers.Count != right.Headers.Count)
            return false;
        var unmatched = right.Headers.ToList();
        foreach (var header in left.Headers)
        {
            var at = unmatched.FindIndex(h => SameIgnoringCase(h.Name, header.Name) && SameIgnoringCase(h.Value, header.Value));
            if (at < 0)
                return false;
            unmatched.RemoveAt(at);
        }

        return true;
    }

    private static bool SameIgnoringCase(string? left, string? right) =>
        left is null || right is null
            ? left == right
            : SipEscaping.Normalize(left).Equals(SipEscaping.Normalize(right), StringComparison.OrdinalIgnoreCase);

    // Visual separators do not count.
    private static string Number(SipUri uri)
    {
        var number = new StringBuilder();
        foreach (var c in uri.EscapedUser ?? "")
        {
            if (c is not ('-' or '.' or '(' or ')'))
                number.Append(char.ToLowerInvariant(c));
        }

        return number.ToString();
    }
}
