using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// The TCP connection below the WebSocket. Its send buffer is small, because what lies there is beyond the bound of
/// <see cref="LiveSessionOptions.AudioQueue"/>: the kernel would otherwise hold a minute of stale speech. A peer that
/// acknowledges nothing is given up by <see cref="WatchedPeer"/>, for a ping deadline would cut calls that are merely slow.
/// </summary>
internal static class LiveTransport
{
    /// <summary>About a second of audio in base64.</summary>
    private const int SendBufferBytes = 64 * 1024;

    /// <summary>Five retransmissions without an answer.</summary>
    private static readonly TimeSpan DeadPeer = TimeSpan.FromSeconds(8);

    /// <summary>
    /// TCP_USER_TIMEOUT. Linux applies it not only to what is unacknowledged but also to a window that stays closed, even
    /// though the peer answers every probe: so it must outlast a service that is slow. Pongs have taken 30 s.
    /// </summary>
    private static readonly TimeSpan ClosedWindow = TimeSpan.FromSeconds(60);

    /// <summary>TLS is .NET's own, also through a proxy.</summary>
    /// <param name="tls">Null: the system's trust.</param>
    internal static HttpMessageInvoker Create(
        bool useProxy, SslClientAuthenticationOptions? tls = null, TimeSpan? deadPeer = null, TimeSpan? closedWindow = null)
    {
        var watch = new PeerWatch(deadPeer ?? DeadPeer, TimeProvider.System);
        SocketsHttpHandler handler = Handler(async (context, cancellationToken) =>
            await ConnectAsync(context.DnsEndPoint, watch, closedWindow ?? ClosedWindow, cancellationToken).ConfigureAwait(false));
        handler.UseProxy = useProxy;
        handler.SslOptions = tls ?? new SslClientAuthenticationOptions();
        return new HttpMessageInvoker(handler);
    }

    /// <summary>TLS is <see cref="TlsStream"/>'s, and the upgraded connection goes on upon it, without the HTTP client; straight to the server.</summary>
    /// <param name="at">Where every server is; null: where its name says.</param>
    internal static HttpMessageInvoker Create(TlsContext tls, EndPoint? at = null, TimeSpan? deadPeer = null)
    {
        var watch = new PeerWatch(deadPeer ?? DeadPeer, TimeProvider.System);
        SocketsHttpHandler handler = Handler(async (context, cancellationToken) =>
        {
            DnsEndPoint endPoint = context.DnsEndPoint;
            Socket network = await TcpConnector.ConnectAsync(at ?? endPoint, OpenUnblocked, cancellationToken).ConfigureAwait(false);
            TlsStream connection = await TlsStream.ConnectAsync(network, watch, tls, endPoint.Host, cancellationToken).ConfigureAwait(false);
            var stream = new UpgradeStream(connection);
            context.InitialRequestMessage.Options.Set(TlsBelow.Connection, (connection, stream));
            return stream;
        });
        handler.UseProxy = false;
        return new HttpMessageInvoker(new TlsBelow(handler));
    }

    private static SocketsHttpHandler Handler(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false, // the API key must not follow a redirect
        // A refused upgrade leaves a connection that would be kept for another request; there never is one.
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = connect,
    };

    private static async Task<WatchedStream> ConnectAsync(
        EndPoint endPoint, PeerWatch watch, TimeSpan closedWindow, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            SetUp(socket, closedWindow);
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new WatchedStream(socket, watch);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket OpenUnblocked(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        SetUp(socket, ClosedWindow);
        return socket;
    }

    // RFC 5482. Other systems keep their own, longer idea of it, and of a dead peer as well.
    private static void SetUp(Socket socket, TimeSpan userTimeout)
    {
        const int TcpLevel = 6, TcpUserTimeout = 18;
        (socket.NoDelay, socket.SendBufferSize) = (true, SendBufferBytes);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)userTimeout.TotalMilliseconds));
    }

    /// <summary>The handler is to speak HTTP only, for TLS is there already: so the address that it sees is one without.</summary>
    private sealed class TlsBelow(HttpMessageHandler http) : DelegatingHandler(http)
    {
        public static readonly HttpRequestOptionsKey<(TlsStream Tls, UpgradeStream Upgrade)> Connection = new(nameof(Connection));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Uri uri = request.RequestUri!;
            if (uri.Scheme != Uri.UriSchemeWss) throw new ArgumentException($"{uri.Scheme}:// is not meant to go over TLS", nameof(request));

            request.RequestUri = new UriBuilder(uri) { Scheme = Uri.UriSchemeWs, Port = uri.Port }.Uri;
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols && request.Options.TryGetValue(Connection, out var connection))
            {
                using HttpContent client = response.Content;
                connection.Tls.ReadOnThread();
                response.Content = new UpgradedContent(connection.Upgrade.Detach());
            }

            return response;
        }
    }
}
