using System.Net;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// What all TLS connections of one trust share: TLS 1.2 or newer, a server that proves its name, no buffers kept while nothing
/// comes or goes. As long as the process.
/// </summary>
internal sealed unsafe class TlsContext : SafeHandle
{
    private const string HowItFails = "OpenSSL cannot be set up";

    /// <param name="authorities">Roots that are believed beside the system's.</param>
    public TlsContext(X509Certificate2Collection authorities) : base(0, ownsHandle: true)
    {
        if (!OpenSsl.IsInstalled) throw new PlatformNotSupportedException("there is no OpenSSL 3");

        SetHandle(OpenSsl.NewContext(OpenSsl.ClientMethod()));
        if (IsInvalid || OpenSsl.TrustSystem(handle) != 1 || !RaiseMinimumVersion())
            throw new CryptographicException($"{HowItFails}: {OpenSsl.TakeError()}");

        OpenSsl.SetVerify(handle, OpenSsl.VerifyPeer, 0);

        // That the connection ended is not the record layer's to judge: a WebSocket takes its leave itself.
        OpenSsl.SetOptions(handle, OpenSsl.NoRenegotiation | OpenSsl.IgnoreUnexpectedEof);

        // A collection may move what is written between two attempts.
        OpenSsl.ControlContext(handle, OpenSsl.ControlMode, OpenSsl.ModeReleaseBuffers | OpenSsl.ModeAcceptMovingWriteBuffer, 0);

        // One system call brings what there is, where it would take one for the head of a record and one for the rest.
        OpenSsl.ControlContext(handle, OpenSsl.ControlReadAhead, 1, 0);
        foreach (X509Certificate2 authority in authorities) Believe(authority.RawDataMemory.Span);
        GC.KeepAlive(this);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>For one connection; the caller's to free.</summary>
    /// <param name="host">Whom the certificate has to be of: a name or an address.</param>
    /// <exception cref="AuthenticationException">It is neither, so that no certificate could be.</exception>
    public nint NewConnection(int descriptor, string host)
    {
        nint ssl = OpenSsl.New(handle);
        GC.KeepAlive(this);
        try
        {
            if (ssl != 0 && OpenSsl.SetDescriptor(ssl, descriptor) == 1 && Expect(ssl, host)) return ssl;
            throw new AuthenticationException($"{HowItFails}: {OpenSsl.TakeError()}");
        }
        catch
        {
            OpenSsl.Free(ssl);
            throw;
        }
    }

    protected override bool ReleaseHandle()
    {
        OpenSsl.FreeContext(handle);
        return true;
    }

    // An address is no server name to ask for, and the dot that a name may end with no part of one (RFC 6066 section 3).
    private static bool Expect(nint ssl, string host)
    {
        // The zone of an address is this machine's affair (RFC 4007 section 11.2).
        if (IPAddress.TryParse(host, out IPAddress? address))
            return OpenSsl.ExpectAddress(OpenSsl.Parameters(ssl), new IPAddress(address.GetAddressBytes()).ToString()) == 1;

        // To OpenSSL an empty name is any, one behind a dot all below it, and a NUL ends it.
        if (Uri.CheckHostName(host) != UriHostNameType.Dns) throw new AuthenticationException("the server has no name that a certificate could have");

        string name = host.EndsWith('.') ? host[..^1] : host;
        OpenSsl.SetHostFlags(ssl, OpenSsl.NoPartialWildcards);
        return OpenSsl.ExpectHost(ssl, name) == 1 && OpenSsl.Control(ssl, OpenSsl.ControlServerName, 0, name) == 1;
    }

    // The system's settings may ask for more (openssl.cnf).
    private bool RaiseMinimumVersion() =>
        OpenSsl.ControlContext(handle, OpenSsl.ControlGetMinimumVersion, 0, 0) >= OpenSsl.Tls12
        || OpenSsl.ControlContext(handle, OpenSsl.ControlMinimumVersion, OpenSsl.Tls12, 0) == 1;

    private void Believe(ReadOnlySpan<byte> der)
    {
        fixed (byte* first = der)
        {
            byte* at = first;
            nint certificate = OpenSsl.ParseCertificate(0, &at, der.Length);
            bool added = certificate != 0 && OpenSsl.AddToStore(OpenSsl.Store(handle), certificate) == 1;
            OpenSsl.FreeCertificate(certificate);
            if (!added) throw new CryptographicException($"an authority's certificate cannot be used: {OpenSsl.TakeError()}");
        }
    }
}
