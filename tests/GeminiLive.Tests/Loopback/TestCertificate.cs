using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A certificate for 127.0.0.1 that only <see cref="Trusting"/> believes.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Instance { get; } = Create();

    public static HttpMessageInvoker Trusting { get; } = LiveTransport.Create(useProxy: false, new SslClientAuthenticationOptions
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == Instance.GetCertHashString(),
    });

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
