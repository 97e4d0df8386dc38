using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>Whom a certificate stands for in SIP (RFC 5922).</summary>
public static class SipCertificateIdentities
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const int MostIdentities = 256;

    // Server and client authentication, SIP domain (RFC 5924), any. The same certificate serves both ways, and not every authority puts both in.
    private static readonly HashSet<string> Usages = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.20", "2.5.29.37.0"];

    /// <summary>
    /// Section 7.1: the domains of sip URIs without a user and of DNS names; the common name only where there is no alternative name at
    /// all. Addresses, which that document leaves out, are there as text.
    /// </summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        List<string> identities = [];
        try
        {
            var names = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName);
            if (names is null)
                AddCommonName(certificate, identities);
            else
                AddAlternativeNames(names.RawData, identities);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // What could be read until there.
        }

        return identities;
    }

    /// <summary>Section 7.2: the whole name, without regard to case; wildcards only if told so, and only for one label.</summary>
    /// <param name="certificate">The peer's, found valid before.</param>
    /// <param name="domain">Domain or address that was asked for.</param>
    /// <param name="allowWildcards">See <see cref="SipTlsOptions.AllowWildcards"/>.</param>
    public static bool Covers(X509Certificate2 certificate, string domain, bool allowWildcards = false)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain = domain.TrimEnd('.');
        foreach (var identity in Of(certificate))
        {
            if (string.Equals(identity, domain, StringComparison.OrdinalIgnoreCase))
                return true;
            if (allowWildcards && identity.StartsWith("*.", StringComparison.Ordinal) && domain.IndexOf('.') is > 0 and var dot
                && identity.AsSpan(1).Equals(domain.AsSpan(dot), StringComparison.OrdinalIgnoreCase) && SipGrammar.ParseAddress(domain) is null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the certificate may be used for what we do with it; one without the extension may be used for anything.</summary>
    internal static bool IsUsable(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usage
                || usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => Usages.Contains(oid.Value ?? ""));
        }
        catch (CryptographicException)
        {
            return false; // nobody can read what it is for
        }
    }

    private static void AddCommonName(X509Certificate2 certificate, List<string> identities)
    {
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!name.HasMultipleElements && name.GetSingleElementType().Value == "2.5.4.3" && name.GetSingleElementValue() is { Length: > 0 } value)
                identities.Add(value);
        }
    }

    // GeneralName of RFC 5280 section 4.2.1.6: [2] dNSName, [6] uniformResourceIdentifier, [7] iPAddress.
    private static void AddAlternativeNames(byte[] extension, List<string> identities)
    {
        var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData && identities.Count < MostIdentities)
        {
            var tag = names.PeekTag();
            if (tag.TagClass != TagClass.ContextSpecific)
                return;
            switch (tag.TagValue)
            {
                case 2:
                    identities.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    break;
                case 6:
                    if (SipUri.TryParse(names.ReadCharacterString(UniversalTagNumber.IA5String, tag), out var uri) && uri is { Scheme: "sip", User: null })
                        identities.Add(uri.Host);
                    break;
                case 7:
                    var octets = names.ReadOctetString(tag);
                    if (octets.Length is 4 or 16)
                        identities.Add(new IPAddress(octets).ToString());
                    break;
                default:
                    names.ReadEncodedValue();
                    break;
            }
        }
    }
}
