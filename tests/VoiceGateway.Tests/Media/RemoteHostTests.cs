using System.Net;
using System.Net.Sockets;
using VoiceGateway.Media;
using VoiceGateway.Sip;

namespace VoiceGateway.Tests.Media;

public sealed class RemoteHostTests : IMediaHostResolver, IDisposable
{
    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::7");

    private readonly List<string> _asked = [];
    private readonly List<string> _told = [];
    private readonly SemaphoreSlim _finished = new(0);
    private readonly RemoteHost _host;
    private Func<string, CancellationToken, Task<IReadOnlyList<IPAddress>>> _answer = static (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([V4]);

    public RemoteHostTests() => _host = new RemoteHost(this, TimeProvider.System, () => Tell("lost"), Found);

    public void Dispose()
    {
        _host.Dispose();
        _finished.Dispose();
    }

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        lock (_asked) _asked.Add($"{host} {family}");
        try
        {
            return await _answer(host, cancellationToken);
        }
        finally
        {
            _finished.Release();
        }
    }

    [Fact]
    public async Task Seek_Name_IsLookedUpElsewhereAndTold()
    {
        _host.Seek(Named("media.example.com"));
        await ToldAsync("lost", "192.0.2.7:4000 ");
        Assert.Equal(["media.example.com InterNetwork"], _asked);
    }

    [Fact]
    public async Task Seek_NameOfIpv6WithRtcpPort_AsksForAaaaAndTakesTheFirstThatCanBeReached()
    {
        _answer = static (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([V6, V4]);
        _host.Seek(Named("media.example.com") with { RemoteFamily = AddressFamily.InterNetworkV6, RemoteRtcpPort = 4009 });
        await ToldAsync("lost", "[2001:db8::7]:4000 [2001:db8::7]:4009", "192.0.2.7:4000 192.0.2.7:4009");
        Assert.Equal(["media.example.com InterNetworkV6"], _asked);
    }

    [Fact]
    public async Task Seek_TheSameAgain_IsASessionRefreshAndMovesNothing()
    {
        _host.Seek(Named("media.example.com"));
        await ToldAsync("lost", "192.0.2.7:4000 ");
        _host.Seek(Named("media.example.com"));
        Assert.Single(_asked);

        _host.Seek(Named("media.example.com", port: 4002));
        await ToldAsync("lost", "192.0.2.7:4000 ", "lost", "192.0.2.7:4002 ");
    }

    [Fact]
    public async Task Seek_AddressOrHoldInBetween_TheNameIsLookedUpAnew()
    {
        _host.Seek(Named("media.example.com"));
        await ToldAsync("lost", "192.0.2.7:4000 ");
        _host.Seek(Named("0.0.0.0") with { IsBlackHole = true });
        _host.Seek(Named("media.example.com"));
        await ToldAsync("lost", "192.0.2.7:4000 ", "lost", "192.0.2.7:4000 ");
        _host.Seek(Named("192.0.2.9") with { RemoteRtp = IPEndPoint.Parse("192.0.2.9:4000") });
        Assert.Equal(4, _told.Count);
    }

    [Fact]
    public void Seek_NoConnectionOrNonsense_WaitsForAPacketAndAsksNobody()
    {
        _host.Seek(Named(null));
        _host.Seek(Named("not a name"));
        _host.Seek(Named("300.1.2.999.", port: 4010));
        Assert.Equal(["lost", "lost", "lost"], _told);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Seek_AnswerThatWasOvertaken_IsNotTold()
    {
        var slow = new TaskCompletionSource<IReadOnlyList<IPAddress>>();
        _answer = (host, _) => host == "slow.example.com" ? slow.Task : Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("192.0.2.8")]);
        _host.Seek(Named("slow.example.com"));
        _host.Seek(Named("fast.example.com"));
        await ToldAsync("lost", "lost", "192.0.2.8:4000 ");
        slow.SetResult([V4]);
        await _finished.WaitAsync(TimeSpan.FromSeconds(10));
        await _finished.WaitAsync(TimeSpan.FromSeconds(10));
        await Task.Delay(50);
        Assert.Equal(3, _told.Count);
    }

    [Fact]
    public async Task Seek_NotFound_IsAskedForAgainWithTheNextOffer()
    {
        _answer = static (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([]);
        _host.Seek(Named("media.example.com"));
        await _finished.WaitAsync(TimeSpan.FromSeconds(10));
        _answer = static (_, _) => Task.FromResult<IReadOnlyList<IPAddress>>([V4]);
        for (var i = 0; i < 500 && _told.Count < 3; i++)
        {
            await Task.Delay(10);
            _host.Seek(Named("media.example.com"));
        }
        await ToldAsync("lost", "lost", "192.0.2.7:4000 ");
    }

    [Fact]
    public async Task Dispose_WhileLookingUp_CancelsAndTellsNobody()
    {
        var cancelled = new TaskCompletionSource();
        _answer = async (_, token) =>
        {
            await using var registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            token.ThrowIfCancellationRequested();
            return [V4];
        };
        _host.Seek(Named("media.example.com"));
        _host.Dispose();
        await Task.Delay(50);
        Assert.Equal(["lost"], _told);
    }

    private static NegotiatedAudio Named(string? host, int port = 4000) =>
        new(null, null, AudioFormat.Pcmu, null, 20, MediaDirection.SendRecv, OnHold: false)
        {
            RemoteHost = host,
            RemoteFamily = host is null ? null : AddressFamily.InterNetwork,
            RemotePort = port,
        };

    private bool Found(IPEndPoint rtp, IPEndPoint? rtcp)
    {
        Tell($"{rtp} {rtcp}");
        return rtp.AddressFamily == AddressFamily.InterNetwork;
    }

    private void Tell(string what)
    {
        lock (_told) _told.Add(what);
    }

    private async Task ToldAsync(params string[] what)
    {
        for (var i = 0; i < 1000; i++)
        {
            lock (_told)
                if (_told.Count >= what.Length) break;
            await Task.Delay(10);
        }
        lock (_told) Assert.Equal(what, _told);
    }
}
