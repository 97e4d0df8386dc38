using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Clock;

public class ReadinessTests
{
    private readonly long[] _tokens = new long[64];

    public static TheoryData<bool> Both => LibC.IsSupported ? [false, true] : [true];

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static void SendTo(Socket socket, params byte[] content)
    {
        using var sender = Bound();
        sender.SendTo(content, socket.LocalEndPoint!);
        Assert.True(socket.Poll(10_000_000, SelectMode.SelectRead));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Collect_OnlyReadableSockets_AndAgainUntilTheyAreRead(bool portable)
    {
        using var readiness = Readiness.For(portable);
        using var a = Bound();
        using var b = Bound();
        readiness.Add(a, 10);
        readiness.Add(b, 0x7000_0000_0000_0020);
        Assert.Equal(0, readiness.Collect(_tokens));

        SendTo(b, 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, readiness.Collect(_tokens));
            Assert.Equal(0x7000_0000_0000_0020, _tokens[0]);
        }
        b.Receive(new byte[10]);
        Assert.Equal(0, readiness.Collect(_tokens));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Collect_DatagramWithoutContent_IsReadable(bool portable)
    {
        using var readiness = Readiness.For(portable);
        using var socket = Bound();
        readiness.Add(socket, 1);
        SendTo(socket);

        Assert.Equal(1, readiness.Collect(_tokens));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Remove_OpenOrClosedSocket_IsNotReportedAnyMore(bool portable)
    {
        using var readiness = Readiness.For(portable);
        using var a = Bound();
        using var b = Bound();
        readiness.Add(a, 1);
        readiness.Add(b, 2);
        SendTo(a, 1);
        SendTo(b, 1);

        readiness.Remove(a, 1);
        b.Dispose();
        Assert.Equal(0, readiness.Collect(_tokens));
        readiness.Remove(b, 2);
        readiness.Remove(b, 2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Collect_MoreReadableThanRoom_LeavesNobodyOut(bool portable)
    {
        using var readiness = Readiness.For(portable);
        var sockets = Enumerable.Range(0, 10).Select(_ => Bound()).ToArray();
        for (var i = 0; i < sockets.Length; i++)
        {
            readiness.Add(sockets[i], i);
            SendTo(sockets[i], 1);
        }

        var seen = new HashSet<long>();
        for (var round = 0; round < 20; round++)
        {
            var count = readiness.Collect(_tokens.AsSpan(0, 3));
            Assert.Equal(3, count);
            seen.UnionWith(_tokens[..count]);
        }
        Assert.Equal(10, seen.Count);
        Array.ForEach(sockets, s => s.Dispose());
    }

    [Fact]
    public void Collect_EpollSocketWithAnError_IsReported()
    {
        if (!LibC.IsSupported)
            return;
        using var readiness = new EpollReadiness();
        var nobody = TestPorts.Nobody();
        using var socket = Bound();
        socket.Connect(nobody);
        readiness.Add(socket, 5);
        socket.Send([1]);

        Assert.True(SpinWait.SpinUntil(() => readiness.Collect(_tokens) == 1, 10_000));
    }
}
