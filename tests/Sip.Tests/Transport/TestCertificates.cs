using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>An authority, and files in a folder of their own.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private int _serial;

    public TestCertificates()
    {
        Folder = Directory.CreateTempSubdirectory("sip-tls-").FullName;
        var request = new CertificateRequest("CN=Test authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(From, From.AddYears(40));
        TrustFile = Path.Combine(Folder, "trust.pem");
        File.WriteAllText(TrustFile, _authority.ExportCertificatePem());
    }

    public string Folder { get; }

    public string TrustFile { get; }

    /// <summary>Everything that the peer of a test may be called.</summary>
    public static Action<SubjectAlternativeNameBuilder> Loopback(params string[] names) => san =>
    {
        san.AddIpAddress(IPAddress.Loopback);
        san.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (var name in names)
            san.AddDnsName(name);
    };

    /// <summary>A certificate of the authority's, with its key.</summary>
    public X509Certificate2 Issue(Action<SubjectAlternativeNameBuilder>? names = null, string subject = "CN=gw.example.com", string? usage = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names is not null)
        {
            var san = new SubjectAlternativeNameBuilder();
            names(san);
            request.CertificateExtensions.Add(san.Build());
        }

        if (usage is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var issued = request.Create(_authority, From.AddDays(1), From.AddYears(30), [1, 2, 3, (byte)++_serial]);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Certificate and key as <c>name.crt</c> and <c>name.key</c>.</summary>
    public (string Certificate, string Key) Write(X509Certificate2 certificate, string name = "own")
    {
        var files = (Path.Combine(Folder, name + ".crt"), Path.Combine(Folder, name + ".key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, KeyOf(certificate));
        return files;
    }

    public SipTlsOptions Options(X509Certificate2 own, string name = "own")
    {
        var (certificate, key) = Write(own, name);
        return new SipTlsOptions { CertificateFile = certificate, KeyFile = key, ClientTrustFile = TrustFile, ServerTrustFile = TrustFile };
    }

    public static string KeyOf(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
