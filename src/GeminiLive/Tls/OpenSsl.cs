using System.Runtime.InteropServices;

namespace VoiceGateway.GeminiLive;

/// <summary>The functions of OpenSSL 3 that a client needs; names and numbers as in its manual pages.</summary>
internal static unsafe partial class OpenSsl
{
    // openssl/ssl.h, openssl/tls1.h
    public const int ErrorSsl = 1;
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorSyscall = 5;
    public const int ErrorZeroReturn = 6;
    public const int VerifyPeer = 1;
    public const int ControlMode = 33;
    public const int ControlReadAhead = 41;
    public const int ControlServerName = 55;
    public const int ControlMinimumVersion = 123;
    public const int ControlGetMinimumVersion = 130;
    public const int ModeAcceptMovingWriteBuffer = 0x2;
    public const int ModeReleaseBuffers = 0x10;
    public const int Tls12 = 0x0303;
    public const ulong IgnoreUnexpectedEof = 1UL << 7;
    public const ulong NoRenegotiation = 1UL << 30;
    public const uint NoPartialWildcards = 0x4;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    // openssl/crypto.h
    private const ulong NoExitHandler = 0x80000;

    /// <summary>
    /// There, and set up. What OpenSSL by itself would do at the process's end, which is to free what all connections share, is left out as .NET
    /// leaves it out: some threads still use them then, and the process would end by a fault.
    /// </summary>
    public static bool IsInstalled { get; } =
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Crypto, out _) && NativeLibrary.TryLoad(Ssl, out _) && SetUp(NoExitHandler, 0) == 1;

    [LibraryImport(Ssl, EntryPoint = "TLS_client_method")]
    public static partial nint ClientMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint ControlContext(nint context, int command, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(nint context, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_default_verify_paths")]
    public static partial int TrustSystem(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_get_cert_store")]
    public static partial nint Store(nint context);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_add_cert")]
    public static partial int AddToStore(nint store, nint certificate);

    [LibraryImport(Crypto, EntryPoint = "d2i_X509")]
    public static partial nint ParseCertificate(nint reuse, byte** der, nint length);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint New(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Control(nint ssl, int command, nint number, string text);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_fd")]
    public static partial int SetDescriptor(nint ssl, int descriptor);

    [LibraryImport(Ssl, EntryPoint = "SSL_set1_host", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ExpectHost(nint ssl, string name);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_hostflags")]
    public static partial void SetHostFlags(nint ssl, uint flags);

    [LibraryImport(Ssl, EntryPoint = "SSL_get0_param")]
    public static partial nint Parameters(nint ssl);

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_set1_ip_asc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ExpectAddress(nint parameters, string address);

    [LibraryImport(Ssl, EntryPoint = "SSL_connect", SetLastError = true)]
    public static partial int Connect(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read", SetLastError = true)]
    public static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write", SetLastError = true)]
    public static partial int Write(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_has_pending")]
    public static partial int HasPending(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int GetError(nint ssl, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_verify_result")]
    public static partial nint VerifyResult(nint ssl);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    /// <summary>What <see cref="VerifyResult"/> means.</summary>
    public static string Explain(nint verifyResult) => Marshal.PtrToStringUTF8(VerifyErrorText(verifyResult)) ?? $"error {verifyResult}";

    /// <summary>The thread's last error, in OpenSSL's words.</summary>
    public static string TakeError()
    {
        nuint error = LastError();
        ClearErrors();
        return Marshal.PtrToStringUTF8(ReasonText(error)) ?? "no reason given";
    }

    [LibraryImport(Ssl, EntryPoint = "OPENSSL_init_ssl")]
    private static partial int SetUp(ulong options, nint settings);

    [LibraryImport(Crypto, EntryPoint = "X509_verify_cert_error_string")]
    private static partial nint VerifyErrorText(nint verifyResult);

    [LibraryImport(Crypto, EntryPoint = "ERR_peek_last_error")]
    private static partial nuint LastError();

    [LibraryImport(Crypto, EntryPoint = "ERR_reason_error_string")]
    private static partial nint ReasonText(nuint error);
}
