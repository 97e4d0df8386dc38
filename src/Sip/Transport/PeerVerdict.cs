using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>What a handshake found out about the peer's certificate.</summary>
internal sealed class PeerVerdict
{
    public bool IsTrusted { get; private set; }

    /// <summary>Why not, in words for a log.</summary>
    public string? Problem { get; private set; }

    /// <param name="certificate">The peer's.</param>
    /// <param name="errors">Of the chain.</param>
    /// <param name="domain">Whom it must stand for; null: anybody.</param>
    /// <param name="allowWildcards">See <see cref="SipTlsOptions.AllowWildcards"/>.</param>
    public bool Judge(X509Certificate? certificate, SslPolicyErrors errors, string? domain = null, bool allowWildcards = false)
    {
        Problem = certificate is not X509Certificate2 shown ? "the peer has shown no certificate"
            : errors != SslPolicyErrors.None ? $"the certificate of {shown.Subject} is not trusted ({errors})"
            : !SipCertificateIdentities.IsUsable(shown) ? $"the certificate of {shown.Subject} is not for TLS"
            : domain is not null && !SipCertificateIdentities.Covers(shown, domain, allowWildcards)
                ? $"the certificate is for {string.Join(", ", SipCertificateIdentities.Of(shown))}, not for {domain}"
            : null;
        IsTrusted = Problem is null;
        return IsTrusted;
    }
}
