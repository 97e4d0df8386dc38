using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class ReadThreadTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Read_BeforeAndAfterItIsAskedFor_GoesOnUponThePoolAndUponTheThread()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        Assert.DoesNotContain("live ", await ThreadOfAReadAsync(pair));

        pair.Client.ReadOnThread();
        for (int i = 0; i < 20; i++) Assert.StartsWith("live ", await ThreadOfAReadAsync(pair), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_WhileAReadWaits_EndsIt()
    {
        for (int round = 0; round < 50; round++)
        {
            await using TlsPair pair = await TlsPair.ConnectAsync();
            pair.Client.ReadOnThread();
            Task reading = ReadAsync(pair.Client);
            if (round % 2 == 0) await Task.Delay(1);
            await pair.Client.DisposeAsync();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.WaitAsync(Soon));
        }
    }

    [Fact]
    public async Task Read_ServerIsGone_Ends()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        pair.Client.ReadOnThread();
        Task<int> reading = ReadAsync(pair.Client);
        pair.Network.Shutdown(SocketShutdown.Both);

        Assert.Equal(0, await reading.WaitAsync(Soon));
    }

    /// <summary>As many as there are threads for, and one more, are flooded; another hears its server all the same.</summary>
    [Fact]
    public async Task Read_OthersAreFlooded_HasItsTurn()
    {
        using var stop = new CancellationTokenSource();
        TlsPair[] flooded = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount + 1).Select(_ => TlsPair.ConnectAsync()));
        Task[] floods = [.. flooded.Select(pair => FloodAsync(pair, stop.Token))];
        await using TlsPair pair = await TlsPair.ConnectAsync();
        pair.Client.ReadOnThread();
        for (int i = 0; i < 20; i++)
        {
            Task<int> reading = ReadAsync(pair.Client);
            await pair.Server.WriteAsync("word"u8.ToArray());
            Assert.Equal(4, await reading.WaitAsync(Soon));
        }

        await stop.CancelAsync();
        foreach (TlsPair each in flooded) await each.DisposeAsync();
        await Task.WhenAll(floods);
    }

    [Fact]
    public async Task Wait_Cancelled_EndsAndCanBeRepeated()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using SocketWaiter waiter = ReadThread.Watch(server.SafeHandle);
        using var cancel = new CancellationTokenSource();
        Task waiting = waiter.ReadableAsync(cancel.Token).AsTask();
        await Task.Delay(20);
        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Soon));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter.ReadableAsync(cancel.Token).AsTask().WaitAsync(Soon));

        waiting = waiter.ReadableAsync().AsTask();
        server.SendTo("x"u8, server.LocalEndPoint!);
        await waiting.WaitAsync(Soon);

        server.Close();
        Assert.Throws<ObjectDisposedException>(() => { _ = waiter.ReadableAsync(); });
    }

    [Fact]
    public async Task Connect_NobodyListens_IsRefused()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SocketException fault = await Assert.ThrowsAsync<SocketException>(
            () => TcpConnector.ConnectAsync(listener.LocalEndPoint!, Open, CancellationToken.None).WaitAsync(Soon));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    /// <summary>localhost is ::1 as well on most machines, where nobody listens.</summary>
    [Fact]
    public async Task Connect_Name_FindsTheAddressWhereSomebodyListens()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket client = await TcpConnector.ConnectAsync(
            new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndPoint!).Port), Open, CancellationToken.None).WaitAsync(Soon);
        using Socket server = await listener.AcceptAsync();
        Assert.Equal(server.RemoteEndPoint, client.LocalEndPoint);
    }

    [Fact]
    public async Task Connect_NameThatIsNone_IsNotFound() =>
        await Assert.ThrowsAsync<SocketException>(
            () => TcpConnector.ConnectAsync(new DnsEndPoint("no-such-host.invalid", 443), Open, CancellationToken.None).WaitAsync(Soon));

    private static Socket Open(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };

    private static async Task<int> ReadAsync(TlsStream client) => await client.ReadAsync(new byte[100]).ConfigureAwait(false);

    private static async Task<string> ThreadOfAReadAsync(TlsPair pair)
    {
        Task<string> reading = NameAsync(pair.Client);
        await pair.Server.WriteAsync(new byte[10]);
        return await reading.WaitAsync(Soon);

        static async Task<string> NameAsync(TlsStream client)
        {
            await client.ReadAsync(new byte[10]).ConfigureAwait(false);
            return Thread.CurrentThread.Name ?? "";
        }
    }

    private static async Task FloodAsync(TlsPair pair, CancellationToken stop)
    {
        pair.Client.ReadOnThread();
        var buffer = new byte[64 * 1024];
        Task writing = Task.Run(async () =>
        {
            while (true) await pair.Server.WriteAsync(new byte[64 * 1024], stop);
        }, CancellationToken.None);
        try
        {
            while (!stop.IsCancellationRequested) await pair.Client.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Disposed of meanwhile.
        }

        await Assert.ThrowsAnyAsync<Exception>(() => writing);
    }
}
