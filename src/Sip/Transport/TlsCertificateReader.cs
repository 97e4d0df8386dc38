using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>Certificates out of the bytes of their files.</summary>
internal static class TlsCertificateReader
{
    /// <summary>Our certificate with its key and intermediates.</summary>
    /// <param name="certificate">PEM or PKCS #12.</param>
    /// <param name="key">PEM; null: in the first.</param>
    /// <param name="password">Of key or PKCS #12.</param>
    public static SslStreamCertificateContext ReadOwn(byte[] certificate, byte[]? key, string? password)
    {
        X509Certificate2Collection all = [];
        X509Certificate2 own;
        if (IsPem(certificate))
        {
            var text = Encoding.UTF8.GetString(certificate);
            var keyText = key is null ? text : Encoding.UTF8.GetString(key);
            own = password is { Length: > 0 } && keyText.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(text, keyText, password)
                : X509Certificate2.CreateFromPem(text, keyText); // throws when the two do not belong together
            all.ImportFromPem(text);
            if (OperatingSystem.IsWindows())
                own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null); // SChannel wants a key that is stored
        }
        else
        {
            all = X509CertificateLoader.LoadPkcs12Collection(certificate, password);
            own = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("There is no private key in it.");
        }

        X509Certificate2Collection intermediates = [.. all.Where(one => !one.RawDataMemory.Span.SequenceEqual(own.RawDataMemory.Span))];
        return SslStreamCertificateContext.Create(own, intermediates, offline: true);
    }

    public static X509Certificate2Collection ReadTrusted(byte[] certificates)
    {
        X509Certificate2Collection all = [];
        if (IsPem(certificates))
            all.ImportFromPem(Encoding.UTF8.GetString(certificates));
        else
            all.Add(X509CertificateLoader.LoadCertificate(certificates));
        return all.Count > 0 ? all : throw new CryptographicException("There is no certificate in it.");
    }

    private static bool IsPem(ReadOnlySpan<byte> content) => content.IndexOf("-----BEGIN"u8) >= 0;
}
