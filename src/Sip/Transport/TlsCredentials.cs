using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>Our certificate and whom we trust, kept as the files are. New handshakes use what is there; connections keep what they began with.</summary>
internal sealed class TlsCredentials(SipTlsOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _refreshing = new();
    private readonly WatchedFiles<SslStreamCertificateContext>? _own = Watch(options);
    private readonly WatchedFiles<X509Certificate2Collection>? _clientTrust = WatchTrust(nameof(options.ClientTrustFile), options.ClientTrustFile);
    private readonly WatchedFiles<X509Certificate2Collection>? _serverTrust = WatchTrust(nameof(options.ServerTrustFile), options.ServerTrustFile);
    private SslStreamCertificateContext? _described;
    private ITimer? _timer;
    private ISipTransportSink? _sink;

    public SipTlsOptions Options => options;

    public SslStreamCertificateContext? Own => _own?.Value;

    /// <summary>Null: no file is configured.</summary>
    public SipCertificateState? State { get; private set; }

    private SipTlsFileException? Problem => _own?.Problem ?? _serverTrust?.Problem ?? _clientTrust?.Problem;

    /// <exception cref="SipTlsFileException">A file cannot be used.</exception>
    public void Load()
    {
        Refresh();
        if (Problem is { } problem)
            throw problem;
    }

    /// <summary>Looks at the files from now on.</summary>
    public void Start(ISipTransportSink sink)
    {
        _sink = sink;
        if ((_own ?? (object?)_clientTrust ?? _serverTrust) is not null)
            _timer = time.CreateTimer(_ => TryRefresh(sink), null, options.ReloadInterval, options.ReloadInterval);
    }

    public X509ChainPolicy ClientPolicy() => Policy(_clientTrust?.Value);

    public X509ChainPolicy ServerPolicy() => Policy(_serverTrust?.Value);

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        // Certificates are left to their finalizers: handshakes of a moment ago may still hold them.
    }

    private static WatchedFiles<SslStreamCertificateContext>? Watch(SipTlsOptions options)
    {
        if (string.IsNullOrEmpty(options.CertificateFile))
            return null;
        var hasKey = !string.IsNullOrEmpty(options.KeyFile);
        string[] paths = hasKey ? [options.CertificateFile, options.KeyFile!] : [options.CertificateFile];
        return new(nameof(options.CertificateFile), paths, contents => TlsCertificateReader.ReadOwn(contents[0], hasKey ? contents[1] : null, options.KeyPassword));
    }

    private static WatchedFiles<X509Certificate2Collection>? WatchTrust(string option, string? path) =>
        string.IsNullOrEmpty(path) ? null : new(option, [path], contents => TlsCertificateReader.ReadTrusted(contents[0]));

    private static X509ChainPolicy Policy(X509Certificate2Collection? trusted)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // a stranger's certificate must not make us fetch what it names
            VerificationFlags = X509VerificationFlags.IgnoreWrongUsage, // SipCertificateIdentities.IsUsable looks at that
        };
        if (trusted is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(trusted);
        }

        return policy;
    }

    private void TryRefresh(ISipTransportSink sink)
    {
        try
        {
            Refresh();
        }
        catch (Exception e)
        {
            sink.OnFault(e); // a timer's exception would end the process
        }
    }

    private void Refresh()
    {
        lock (_refreshing)
        {
            // What peers are checked with comes before what makes us reachable for them.
            bool isTrustNew = _clientTrust?.Refresh() == true | _serverTrust?.Refresh() == true;
            bool isOwnNew = _own?.Refresh() == true;
            if (!isTrustNew && !isOwnNew)
                return;
            if (Own is { } own && !ReferenceEquals(own, _described))
                Describe(own);
            State = (State ?? new SipCertificateState("", [], default, default, "", default)) with { Problem = Problem?.Message };
            _sink?.Counters.Increment(Problem is null ? SipCounter.TlsFilesReloaded : SipCounter.TlsFilesRejected);
            Tell(State);
        }
    }

    private void Describe(SslStreamCertificateContext own)
    {
        _described = own;
        var certificate = own.TargetCertificate;
        State = new SipCertificateState(
            certificate.Subject, SipCertificateIdentities.Of(certificate), certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(),
            certificate.GetCertHashString(HashAlgorithmName.SHA256), time.GetUtcNow());
    }

    private void Tell(SipCertificateState state)
    {
        try
        {
            options.OnCertificate?.Invoke(state);
        }
        catch (Exception e)
        {
            _sink?.OnFault(e);
        }
    }
}
