using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary><c>Sip:Tls</c>. The files are read again when they change.</summary>
public sealed class SipTlsSection
{
    /// <summary>Ours: PEM with its chain, or PFX. Needed by every <c>tls:</c> entry of <c>Sip:Listen</c>.</summary>
    public string CertificateFile { get; set => field = value ?? ""; } = "";

    /// <summary>Its private key in PEM; empty: it is in <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; set => field = value ?? ""; } = "";

    /// <summary>A secret: the password of the key or of the PFX. Better by the environment.</summary>
    public string KeyPassword { get; set => field = value ?? ""; } = "";

    /// <summary>Whether callers have to show a certificate.</summary>
    public SipClientCertificates ClientCertificates { get; set; }

    /// <summary>PEM of the authorities that callers' certificates must lead to; empty: the system's.</summary>
    public string ClientTrustFile { get; set => field = value ?? ""; } = "";

    /// <summary>PEM of the authorities that the certificates of PBXs and providers must lead to; empty: the system's.</summary>
    public string ServerTrustFile { get; set => field = value ?? ""; } = "";

    /// <summary>Accept <c>*.example.com</c> from servers, against RFC 5922; some providers have nothing else.</summary>
    public bool AllowWildcards { get; set; }
}
