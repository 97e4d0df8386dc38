using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Ports;

/// <summary>In ranges that the kernel hands nobody a port of (32768 and up on Linux).</summary>
public class RtpPortAllocatorTests
{
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(5);
    private readonly ManualTime _time = new();

    private RtpPortAllocator Range(int first, int last) => new(first, last, _time, Quarantine);

    private static Socket Occupy(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    [Fact]
    public void TryOpen_FreeRange_BindsEvenAndOdd()
    {
        var allocator = Range(27000, 27019);
        Assert.True(allocator.TryOpen(IPAddress.Loopback, out var ports));
        using (ports)
        {
            Assert.Equal(0, ports.RtpPort % 2);
            Assert.InRange(ports.RtpPort, 27000, 27018);
            Assert.Equal(ports.RtpPort, ((IPEndPoint)ports.Rtp.LocalEndPoint!).Port);
            Assert.Equal(ports.RtpPort + 1, ((IPEndPoint)ports.Rtcp.LocalEndPoint!).Port);
            Assert.Equal(1, allocator.InUse);
        }
        Assert.Equal(0, allocator.InUse);
    }

    [Theory]
    [InlineData(27021, 27023, 1)] // odd first port is left out
    [InlineData(27020, 27022, 1)] // an even last port has no neighbour
    [InlineData(27020, 27029, 5)]
    public void Capacity_AnyRange_CountsWholePairs(int first, int last, int pairs) => Assert.Equal(pairs, Range(first, last).Capacity);

    [Theory]
    [InlineData(27020, 27020)]
    [InlineData(27021, 27022)]
    [InlineData(0, 10)]
    [InlineData(65534, 65536)]
    [InlineData(27030, 27020)]
    public void Constructor_NoPairInRange_Throws(int first, int last) => Assert.Throws<ArgumentException>(() => Range(first, last));

    [Fact]
    public void TryOpen_AllInUse_IsAValueAndEndsWithRelease()
    {
        var allocator = Range(27040, 27047);
        var open = new List<RtpPorts>();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(allocator.TryOpen(IPAddress.Loopback, out var ports));
            open.Add(ports);
        }
        Assert.Equal(4, open.Select(p => p.RtpPort).Distinct().Count());
        Assert.False(allocator.TryOpen(IPAddress.Loopback, out var none, out var error));
        Assert.Null(none);
        Assert.Equal(SocketError.AddressAlreadyInUse, error);
        Assert.Equal(4, allocator.InUse);

        open.ForEach(p => p.Dispose());
        Assert.Equal(0, allocator.InUse);
    }

    [Fact]
    public void TryOpen_AfterDispose_OnlyWhenTheQuarantineIsOver()
    {
        var allocator = Range(27060, 27061);
        Assert.True(allocator.TryOpen(IPAddress.Loopback, out var ports));
        ports.Dispose();
        Assert.False(allocator.TryOpen(IPAddress.Loopback, out _));

        _time.Advance(Quarantine - TimeSpan.FromMilliseconds(1));
        Assert.False(allocator.TryOpen(IPAddress.Loopback, out _));
        _time.AdvanceMs(1);
        Assert.True(allocator.TryOpen(IPAddress.Loopback, out ports));
        ports.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)] // the odd one taken: the even one must be given back
    public void TryOpen_PortBoundBySomeoneElse_TakesAnotherPair(int offset)
    {
        using var other = Occupy(27080 + offset);
        var allocator = Range(27080, 27083);
        for (var round = 0; round < 6; round++)
        {
            Assert.True(allocator.TryOpen(IPAddress.Loopback, out var ports));
            Assert.Equal(27082, ports.RtpPort);
            Assert.False(allocator.TryOpen(IPAddress.Loopback, out _));
            Assert.Equal(1, allocator.InUse);
            ports.Dispose();
            _time.Advance(Quarantine);
        }
        Assert.Equal(0, allocator.InUse);
        if (offset == 1)
            Occupy(27080).Dispose();
    }

    [Fact]
    public void TryOpen_OccupiedPortFreed_IsUsedWithoutQuarantine()
    {
        var allocator = Range(27100, 27101);
        using (Occupy(27100))
            Assert.False(allocator.TryOpen(IPAddress.Loopback, out _));

        Assert.True(allocator.TryOpen(IPAddress.Loopback, out var ports));
        ports.Dispose();
    }

    [Fact]
    public void TryOpen_AddressOfAnotherHost_SaysSoAndLeaksNothing()
    {
        var allocator = Range(27120, 27139);
        Assert.False(allocator.TryOpen(IPAddress.Parse("192.0.2.1"), out _, out var error));
        Assert.Equal(SocketError.AddressNotAvailable, error);
        Assert.Equal(0, allocator.InUse);
    }

    [Fact]
    public void TryOpen_SeveralAllocators_BeginAtDifferentPairs()
    {
        var first = new HashSet<int>();
        for (var i = 0; i < 30; i++)
        {
            Assert.True(Range(27200, 27599).TryOpen(IPAddress.Loopback, out var ports));
            first.Add(ports.RtpPort);
            ports.Dispose();
        }
        Assert.True(first.Count > 5, $"only {first.Count} different first pairs in 30");
    }

    [Fact]
    public void Dispose_Twice_GivesBackOnce()
    {
        var allocator = Range(27150, 27153);
        Assert.True(allocator.TryOpen(IPAddress.Loopback, out var a));
        Assert.True(allocator.TryOpen(IPAddress.Loopback, out var b));
        a.Dispose();
        a.Dispose();
        Assert.Equal(1, allocator.InUse);
        b.Dispose();
        Assert.Equal(0, allocator.InUse);
    }

    [Fact]
    public async Task TryOpen_FromManyThreads_NeverHandsOutAPairTwiceOrLeaks()
    {
        var allocator = new RtpPortAllocator(27600, 27663, TimeProvider.System, TimeSpan.Zero);
        var inUse = new int[65536];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                if (!allocator.TryOpen(IPAddress.Loopback, out var ports))
                    continue;
                Assert.Equal(1, Interlocked.Increment(ref inUse[ports.RtpPort]));
                Interlocked.Decrement(ref inUse[ports.RtpPort]);
                ports.Dispose();
            }
        })));

        Assert.Equal(0, allocator.InUse);
    }

    [Fact]
    public void TryOpen_IPv6Loopback_Works()
    {
        if (!Socket.OSSupportsIPv6)
            return;
        var allocator = Range(27170, 27179);
        if (!allocator.TryOpen(IPAddress.IPv6Loopback, out var ports, out var error))
        {
            Assert.Equal(SocketError.AddressNotAvailable, error);
            return;
        }
        Assert.Equal(AddressFamily.InterNetworkV6, ports.Rtp.AddressFamily);
        ports.Dispose();
    }
}
