using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Load;

/// <summary>TLS for localhost, by a certificate made for this run: whoever connects is told to trust <see cref="CertificateFile"/>.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly nint _context;

    /// <param name="folder">For the certificate and its key.</param>
    public TlsServer(string folder)
    {
        CertificateFile = Path.Combine(folder, "live.pem");
        var keyFile = Path.Combine(folder, "live.key");
        Write(CertificateFile, keyFile);
        _context = OpenSsl.NewContext(OpenSslServer.ServerMethod());
        if (_context == 0 || OpenSslServer.UseCertificate(_context, CertificateFile) != 1 || OpenSslServer.UsePrivateKey(_context, keyFile, OpenSslServer.FileTypePem) != 1)
            throw new CryptographicException("OpenSSL does not take the certificate.");
    }

    public string CertificateFile { get; }

    public TlsChannel Accept() => new(_context);

    public void Dispose() => OpenSsl.FreeContext(_context);

    private static void Write(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
