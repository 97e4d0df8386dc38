namespace VoiceGateway.Sip;

/// <summary>
/// TLS 1.2 and 1.3 for <c>tls:</c> listen entries and outgoing connections. The files are looked at every <see cref="ReloadInterval"/> and
/// read again when their content has changed; what cannot be read leaves what was read before.
/// </summary>
public sealed record SipTlsOptions
{
    /// <summary>
    /// Our certificate: PEM, our own first and the intermediates behind it, or PKCS #12 (PFX). Needed by every <c>tls:</c> listen entry;
    /// shown to servers that ask for one, too.
    /// </summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key in PEM; null: it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Password of an encrypted key or PFX.</summary>
    public string? KeyPassword { get; init; }

    public SipClientCertificates ClientCertificates { get; init; }

    /// <summary>PEM with the authorities (or the certificates themselves) that clients' certificates must lead to; null: the system's.</summary>
    public string? ClientTrustFile { get; init; }

    /// <summary>PEM with the authorities (or the certificates themselves) that servers' certificates must lead to; null: the system's.</summary>
    public string? ServerTrustFile { get; init; }

    /// <summary>
    /// Accept <c>*.example.com</c> in the certificates of servers. RFC 5922 section 7.2 forbids it; some providers have nothing else.
    /// </summary>
    public bool AllowWildcards { get; init; }

    /// <summary>Connect to servers whatever their certificate says. For tests: anybody on the way can listen and change.</summary>
    public bool AcceptAnyServerCertificate { get; init; }

    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told when our certificate was read at the start or again, or could not be (<see cref="SipCertificateState.Problem"/>).</summary>
    public Action<SipCertificateState>? OnCertificate { get; init; }

    /// <summary>Told of handshakes that failed. Scanners fail many: log those of incoming connections with a limit.</summary>
    public Action<SipTlsFailure>? OnHandshakeFailed { get; init; }
}
