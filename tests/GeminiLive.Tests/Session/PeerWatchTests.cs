using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class PeerWatchTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FiredTime _time = new();
    private readonly PeerWatch _watch;
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public PeerWatchTests()
    {
        _watch = new PeerWatch(8 * Hour, _time);
        _listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        _listener.Listen();
    }

    [Fact]
    public void Streams_AsManyAsThereAre_ShareOneTimer()
    {
        WatchedStream[] streams = [.. Enumerable.Range(0, 20).Select(_ => Connect())];
        Assert.Equal((1, Hour), (_time.Running(Hour), _watch.Interval));

        _time.Fire(Hour);
        foreach (WatchedStream stream in streams[1..]) stream.Dispose();
        Assert.Equal(1, _time.Running(Hour));
        _time.Fire(Hour);
        streams[0].Dispose();
        streams[0].Dispose();
        Assert.Equal(0, _time.Running(Hour));

        using WatchedStream next = Connect();
        Assert.Equal(1, _time.Running(Hour));
    }

    [Fact]
    public async Task Look_AtStreamsThatComeAndGoMeanwhile_MissesNoneAndFailsAtNone()
    {
        using WatchedStream stays = Connect();
        using var stop = new CancellationTokenSource();
        var looks = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) _time.Fire(Hour);
        });
        Parallel.For(0, 200, _ => Connect().Dispose());
        await stop.CancelAsync();

        await looks;
        Assert.Equal(1, _time.Running(Hour));
    }

    [Fact]
    public void Look_AtASocketThatIsClosed_GoesOnWithTheOthers()
    {
        using WatchedStream first = Connect();
        using WatchedStream second = Connect();
        first.Socket.Close();

        _time.Fire(Hour);

        Assert.True(second.Socket.Connected);
    }

    public void Dispose() => _listener.Dispose();

    private WatchedStream Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(_listener.LocalEndPoint!);
        return new WatchedStream(socket, _watch);
    }
}
