using System.Net.Security;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// The TCP connection below the WebSocket. Its send buffer is small, because what lies there is beyond the bound of
/// <see cref="LiveSessionOptions.AudioQueue"/>: the kernel would otherwise hold a minute of stale speech. A peer that
/// acknowledges nothing is given up by TCP itself, for a ping deadline would cut calls that are merely slow.
/// </summary>
internal static class LiveTransport
{
    /// <summary>About a second of audio in base64.</summary>
    private const int SendBufferBytes = 64 * 1024;

    private const int DeadPeerMs = 30_000;

    private static readonly HttpMessageInvoker Direct = Create(useProxy: false);
    private static readonly HttpMessageInvoker ThroughProxy = Create(useProxy: true);

    /// <summary>The system's proxy, except to loopback.</summary>
    public static HttpMessageInvoker For(Uri uri) => uri.IsLoopback ? Direct : ThroughProxy;

    /// <param name="tls">Null: the system's trust.</param>
    internal static HttpMessageInvoker Create(bool useProxy, SslClientAuthenticationOptions? tls = null) => new(new SocketsHttpHandler
    {
        SslOptions = tls ?? new SslClientAuthenticationOptions(),
        UseProxy = useProxy,
        UseCookies = false,
        AllowAutoRedirect = false, // the API key must not follow a redirect
        PooledConnectionIdleTimeout = TimeSpan.Zero,
        ConnectCallback = ConnectAsync,
    });

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = SendBufferBytes };
        try
        {
            SetUserTimeout(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // RFC 5482. Other systems keep their own, longer idea of it.
    private static void SetUserTimeout(Socket socket)
    {
        const int TcpLevel = 6, TcpUserTimeout = 18;
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(DeadPeerMs));
    }
}
