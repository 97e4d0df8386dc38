using System.Runtime.InteropServices;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Load;

/// <summary>
/// The few functions of OpenSSL 3 that a server on memory needs beside the client's (<see cref="OpenSsl"/>). SslStream would do the same for several times
/// the cost, and what the Live side costs is missing to the gateway on the machine that both share.
/// </summary>
internal static unsafe partial class OpenSslServer
{
    public const int FileTypePem = 1;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    [LibraryImport(Ssl, EntryPoint = "TLS_server_method")]
    public static partial nint ServerMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate_chain_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UseCertificate(nint context, string file);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UsePrivateKey(nint context, string file, int type);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetAcceptState(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint ssl, nint read, nint write);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_version")]
    private static partial nint Version(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_current_cipher")]
    private static partial nint CurrentCipher(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_CIPHER_get_name")]
    private static partial nint CipherName(nint cipher);

    [LibraryImport(Crypto, EntryPoint = "BIO_s_mem")]
    public static partial nint MemoryMethod();

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_write")]
    public static partial int WriteBio(nint bio, byte* data, int length);

    [LibraryImport(Crypto, EntryPoint = "BIO_read")]
    public static partial int ReadBio(nint bio, byte* data, int length);

    /// <summary>Protocol and cipher as agreed.</summary>
    public static string Describe(nint ssl) =>
        $"{Marshal.PtrToStringUTF8(Version(ssl))} {(CurrentCipher(ssl) is not 0 and var cipher ? Marshal.PtrToStringUTF8(CipherName(cipher)) : "")}".TrimEnd();
}
