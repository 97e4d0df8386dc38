using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A certification authority of the test's own, with its files in a folder that goes with it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-ca-");
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _own;

    public TestAuthority()
    {
        var request = new CertificateRequest($"CN=Authority {Path.GetFileName(_folder.Name)}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _own = request.CreateSelfSigned(From, From.AddYears(1));
        File.WriteAllText(Trust, _own.ExportCertificatePem());
    }

    public string Trust => Path.Combine(_folder.FullName, "trust.pem");

    /// <summary>A certificate for loopback.</summary>
    /// <param name="name">Of the files.</param>
    /// <param name="domain">What else it stands for; null: the address alone.</param>
    public CertificateFiles Issue(string name, string? domain = "localhost") => Issue(name, san =>
    {
        san.AddIpAddress(IPAddress.Loopback);
        if (domain is not null) san.AddDnsName(domain);
    });

    /// <summary>Rightly signed, for somebody else.</summary>
    public CertificateFiles IssueForSomebodyElse(string name) => Issue(name, static san => san.AddDnsName("elsewhere.example.com"));

    public void Dispose()
    {
        _own.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private CertificateFiles Issue(string name, Action<SubjectAlternativeNameBuilder> identities)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        identities(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var issued = request.Create(_own, From.AddDays(1), From.AddDays(100), RandomNumberGenerator.GetBytes(8));
        var files = new CertificateFiles(Path.Combine(_folder.FullName, $"{name}.crt"), Path.Combine(_folder.FullName, $"{name}.key"), Trust);
        File.WriteAllText(files.Certificate, issued.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
