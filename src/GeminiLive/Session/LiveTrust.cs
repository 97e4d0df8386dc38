using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Whose certificates a Live endpoint may show: those that the system trusts, and those of one's own authorities, as a proxy that
/// opens TLS or a private access point needs them. Made once, shared by all sessions.
/// </summary>
public sealed class LiveTrust
{
    // RFC 5280 section 4.2.1.12: id-kp-serverAuth.
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2Collection _authorities;
    private readonly HttpMessageInvoker _direct;
    private readonly HttpMessageInvoker _throughProxy;
    private readonly HttpMessageInvoker? _overOpenSsl;

    /// <param name="authorities">Roots that are believed beside the system's.</param>
    /// <param name="portable">TLS by .NET in any case; otherwise by OpenSSL where it is there, which takes a fraction of the memory.</param>
    public LiveTrust(X509Certificate2Collection authorities, bool portable = false)
    {
        _authorities = authorities;
        _direct = LiveTransport.Create(useProxy: false, Tls());
        _throughProxy = LiveTransport.Create(useProxy: true, Tls());
        _overOpenSsl = portable || !OpenSsl.IsInstalled ? null : LiveTransport.Create(new TlsContext(authorities));
    }

    /// <summary>The system's trust and no more.</summary>
    public static LiveTrust OfSystem { get; } = new([]);

    /// <param name="path">Certificates in PEM, one behind the other.</param>
    /// <exception cref="CryptographicException">The file holds something else, or nothing.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LiveTrust FromPemFile(string path, bool portable = false)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? new LiveTrust(authorities, portable) : throw new CryptographicException("holds no certificate in PEM");
    }

    public override string ToString() =>
        $"{(_authorities.Count == 0 ? "the system's" : $"the system's and {_authorities.Count} of its own")}, TLS by {(_overOpenSsl is null ? ".NET" : "OpenSSL")}";

    /// <summary>The system's proxy, except to loopback.</summary>
    internal HttpMessageInvoker TransportFor(Uri uri)
    {
        if (_overOpenSsl is { } overOpenSsl && uri.Scheme == Uri.UriSchemeWss && IsDirect(uri)) return overOpenSsl;
        return uri.IsLoopback ? _direct : _throughProxy;
    }

    private static bool IsDirect(Uri uri) =>
        uri.IsLoopback || HttpClient.DefaultProxy.IsBypassed(uri) || HttpClient.DefaultProxy.GetProxy(uri) is null;

    private SslClientAuthenticationOptions Tls() => new()
    {
        RemoteCertificateValidationCallback = _authorities.Count == 0 ? null : (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsOfOurs(certificate, chain)),
    };

    // A wrong name or a missing certificate stays wrong; only whom the chain ends with is ours to say.
    private bool IsOfOurs(X509Certificate? shown, X509Chain? sent)
    {
        if (shown is null) return false;

        using var certificate = new X509Certificate2(shown);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            foreach (X509ChainElement element in sent.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        bool trusted = chain.Build(certificate);
        foreach (X509ChainElement element in chain.ChainElements) element.Certificate.Dispose();
        return trusted;
    }
}
