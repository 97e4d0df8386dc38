using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>Our client and .NET's server, with TLS between them.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private readonly Socket _below;

    private TlsPair(TlsStream client, Socket below, Socket network, Stream server) => (Client, _below, Network, Server) = (client, below, network, server);

    public TlsStream Client { get; }

    /// <summary>The server's end of the connection.</summary>
    public Socket Network { get; }

    public Stream Server { get; }

    public static async Task<TlsPair> ConnectAsync(
        X509Certificate2? certificate = null, string host = "127.0.0.1", X509Certificate2Collection? trusted = null,
        SslProtocols protocols = SslProtocols.None, int receiveBuffer = 0)
    {
        certificate ??= TestCertificate.Instance;
        Task<TlsStream>? connecting = null;
        Socket? below = null, network = null;
        try
        {
            network = await OpenAsync(socket => connecting = HandshakeAsync(below = socket, host, trusted ?? [certificate]), receiveBuffer);
            var server = new SslStream(new NetworkStream(network, ownsSocket: false));
            await Task.WhenAll(
                connecting!, server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = protocols }));
            return new TlsPair(await connecting!, below!, network, server);
        }
        catch
        {
            network?.Dispose();

            // The client's word on it is the one that counts here.
            if (connecting is not null) await connecting;
            throw;
        }
    }

    /// <summary>A client whose server does something else than TLS.</summary>
    public static async Task<TlsStream> ConnectToAsync(Func<Socket, Task> server)
    {
        Task<TlsStream>? connecting = null;
        using Socket network = await OpenAsync(socket => connecting = HandshakeAsync(socket, "127.0.0.1", []));
        await server(network);
        return await connecting!;
    }

    /// <summary>As the watch does that finds the peer dead.</summary>
    public void CloseBelowClient() => _below.Close(0);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        Network.Dispose();
    }

    private static async Task<TlsStream> HandshakeAsync(Socket socket, string host, X509Certificate2Collection trusted) =>
        await TlsStream.ConnectAsync(
            socket, new PeerWatch(TimeSpan.FromSeconds(8), TimeProvider.System), new TlsContext(trusted), host, CancellationToken.None);

    private static async Task<Socket> OpenAsync(Action<Socket> connected, int receiveBuffer = 0)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0) listener.ReceiveBufferSize = receiveBuffer;
        listener.Bind(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 0));
        listener.Listen();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = 16 * 1024 };
        await client.ConnectAsync(listener.LocalEndPoint!);
        connected(client);
        return await listener.AcceptAsync();
    }
}
