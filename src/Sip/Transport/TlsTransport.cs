using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>TCP with TLS 1.2 or 1.3 (RFC 3261 section 26.3.1). A new connection's place, time and identity are settled before its first message.</summary>
internal sealed class TlsTransport(SipListen listen, ConnectionContext context, TlsCredentials credentials, bool outboundOnly = false)
    : TcpTransport(listen, context, outboundOnly)
{
    private const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;

    protected override bool HasHandshake => true;

    private SipTlsOptions Options => credentials.Options;

    public override bool Trusts(X509Certificate2 certificate, string domain) => SipCertificateIdentities.Covers(certificate, domain, Options.AllowWildcards);

    protected override async ValueTask<OpenedStream> OpenStreamAsync(Socket socket, SipHop? openedFor, ISipTransportSink sink, CancellationToken cancellationToken)
    {
        var peer = new PeerVerdict();
        var remoteEnd = openedFor?.EndPoint ?? (IPEndPoint)socket.RemoteEndPoint!;
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        try
        {
            if (openedFor is { } hop)
                await stream.AuthenticateAsClientAsync(AsClient(hop, peer), cancellationToken).ConfigureAwait(false);
            else
                await stream.AuthenticateAsServerAsync(AsServer(peer), cancellationToken).ConfigureAwait(false);
            // The stream's own copy goes with the stream.
            var certificate = peer.IsTrusted && stream.RemoteCertificate is { } remote ? X509CertificateLoader.LoadCertificate(remote.GetRawCertData()) : null;
            return new OpenedStream(stream, certificate, OffersReuse: openedFor is not null && credentials.Own is not null);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            var reason = peer.Problem ?? (e is OperationCanceledException ? "it took too long" : e.InnerException?.Message ?? e.Message);
            Tell(new SipTlsFailure(remoteEnd, openedFor is null, reason), sink);
            throw;
        }
    }

    private SslServerAuthenticationOptions AsServer(PeerVerdict peer) => new()
    {
        ServerCertificateContext = credentials.Own,
        EnabledSslProtocols = Versions,
        AllowRenegotiation = false,
        AllowTlsResume = Options.ClientCertificates == SipClientCertificates.Off, // who was let in once is looked at again
        ClientCertificateRequired = Options.ClientCertificates != SipClientCertificates.Off,
        CertificateChainPolicy = credentials.ClientPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            peer.Judge(certificate, errors) || Options.ClientCertificates != SipClientCertificates.Require,
    };

    private SslClientAuthenticationOptions AsClient(SipHop hop, PeerVerdict peer) => new()
    {
        TargetHost = hop.HostName ?? "", // server name indication; an address is none
        EnabledSslProtocols = Versions,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        ClientCertificateContext = credentials.Own,
        CertificateChainPolicy = credentials.ServerPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            // Names are compared as RFC 5922 wants it, not as HTTPS does.
            peer.Judge(certificate, errors & ~SslPolicyErrors.RemoteCertificateNameMismatch, hop.HostName ?? hop.EndPoint.Address.ToString(), Options.AllowWildcards)
            || Options.AcceptAnyServerCertificate,
    };

    private void Tell(SipTlsFailure failure, ISipTransportSink sink)
    {
        try
        {
            Options.OnHandshakeFailed?.Invoke(failure);
        }
        catch (Exception e)
        {
            sink.OnFault(e);
        }
    }
}
